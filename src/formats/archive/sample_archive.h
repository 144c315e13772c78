#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Small archives for tests, with every field open to be told wrong.

namespace ringfort::formats {

inline std::string LittleEndian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(i < 8 ? value >> (8 * i) : 0);
  return text;
}

inline std::uint32_t SampleCrc(std::string_view text) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

// `window_bits` as for zlib: -15 raw, 15 zlib, 31 gzip.
inline std::string Deflated(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct SampleMember {
  std::string name;
  std::string content;
  bool deflate = false;
  bool descriptor = false;   // sizes and checksum behind the data, as streaming writers do
  bool listed = true;        // in the central directory
  std::string local_name{};  // if not empty, told only by the local header
  int local_flags = 0;       // added there only
  int central_flags = 0;
  int local_method = -1;
  int crc_error = 0;  // added to the checksum in both headers
  int local_crc_error = 0;
  int local_size_error = 0;
  std::string extra{};  // of the local header
  std::uint32_t attributes = 0;
  std::string before{};  // bytes put in front of the local header
};

struct SampleZip {
  std::vector<SampleMember> members;
  std::string comment{};
  std::string before_directory{};
  int count_error = 0;

  std::string Bytes() const {
    std::string out, directory;
    std::size_t listed = 0;
    for (const SampleMember& member : members) {
      out += member.before;
      const std::size_t header = out.size();
      const std::string data = member.deflate ? Deflated(member.content, -15) : member.content;
      const int method = member.deflate ? 8 : 0;
      const std::uint32_t crc = SampleCrc(member.content) + static_cast<std::uint32_t>(member.crc_error);
      const int flags = member.descriptor ? 8 : 0;
      const std::string& name = member.local_name.empty() ? member.name : member.local_name;
      out += "PK\x03\x04" + LittleEndian(20, 2) + LittleEndian(static_cast<unsigned>(flags | member.local_flags), 2) +
             LittleEndian(static_cast<unsigned>(member.local_method < 0 ? method : member.local_method), 2) +
             LittleEndian(0, 4);
      out += LittleEndian(member.descriptor ? 0 : crc + static_cast<std::uint32_t>(member.local_crc_error), 4);
      out += LittleEndian(member.descriptor ? 0 : data.size() + static_cast<std::size_t>(member.local_size_error), 4);
      out += LittleEndian(
          member.descriptor ? 0 : member.content.size() + static_cast<std::size_t>(member.local_size_error), 4);
      out += LittleEndian(name.size(), 2) + LittleEndian(member.extra.size(), 2) + name + member.extra + data;
      if (member.descriptor)
        out +=
            "PK\x07\x08" + LittleEndian(crc, 4) + LittleEndian(data.size(), 4) + LittleEndian(member.content.size(), 4);
      if (!member.listed) continue;
      ++listed;
      directory += "PK\x01\x02" + LittleEndian(0x0314, 2) + LittleEndian(20, 2) +
                   LittleEndian(static_cast<unsigned>(flags | member.central_flags), 2) +
                   LittleEndian(static_cast<unsigned>(method), 2) + LittleEndian(0, 4) + LittleEndian(crc, 4) +
                   LittleEndian(data.size(), 4) + LittleEndian(member.content.size(), 4) +
                   LittleEndian(member.name.size(), 2) + LittleEndian(0, 8) + LittleEndian(member.attributes, 4) +
                   LittleEndian(header, 4) + member.name;
    }
    out += before_directory;
    const std::size_t begin = out.size();
    out += directory;
    out += "PK\x05\x06" + LittleEndian(0, 4) + LittleEndian(listed + static_cast<std::size_t>(count_error), 2) +
           LittleEndian(listed + static_cast<std::size_t>(count_error), 2) + LittleEndian(directory.size(), 4) +
           LittleEndian(begin, 4) + LittleEndian(comment.size(), 2) + comment;
    return out;
  }
};

inline std::string TarHeader(std::string_view name, std::size_t size, char type = '0', std::string_view link = {},
                             bool ustar = true) {
  const auto octal = [](std::size_t value, int digits) {
    std::string text(static_cast<std::size_t>(digits), '0');
    for (std::size_t i = text.size(); i-- > 0; value >>= 3) text[i] = static_cast<char>('0' + (value & 7));
    return text + '\0';
  };
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, std::string_view text) { header.replace(at, text.size(), text); };
  put(0, name.substr(0, 100));
  put(100, octal(0644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(0, 11));
  put(148, "        ");
  header[156] = type;
  put(157, link.substr(0, 100));
  if (ustar) put(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6));
  return header;
}

inline std::string TarMemberBytes(std::string_view name, std::string_view content, char type = '0', bool ustar = true) {
  std::string out = TarHeader(name, content.size(), type, {}, ustar);
  out += content;
  out.resize((out.size() + 511) / 512 * 512);
  return out;
}

inline std::string TarEnd() { return std::string(1024, '\0'); }

}  // namespace ringfort::formats
