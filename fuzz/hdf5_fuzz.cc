#include <cstddef>
#include <cstdint>

#include "formats/keras/hdf5_file.h"
#include "formats/keras/marshalled_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringfort::ByteView bytes(data, size);
  (void)ringfort::formats::ReadHdf5(bytes);
  (void)ringfort::formats::MarshalledStrings(bytes);
  (void)ringfort::formats::DecodeMimeBase64(ringfort::AsText(bytes));
  return 0;
}
