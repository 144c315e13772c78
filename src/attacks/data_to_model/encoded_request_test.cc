#include "attacks/data_to_model/encoded_request.h"

#include <gtest/gtest.h>

#include "attacks/data_to_model/secret_sample_internal.h"
#include "engines/scripted/refusing_sample_internal.h"

namespace ringfort::attacks::data_to_model {
namespace {

TEST(ReadEncoded, TakesTheReadingThatIsEnglish) {
  for (std::size_t i = 0; i < kTextCipherNames.size(); ++i) {
    const auto cipher = static_cast<TextCipher>(i);
    SCOPED_TRACE(Name(cipher));
    EXPECT_EQ(ReadEncoded(cipher, Encipher(cipher, "the code is amber")), "the code is amber");
    EXPECT_EQ(ReadEncoded(cipher, "I'm sorry, but I cannot help with that."),
              "I'm sorry, but I cannot help with that.");
    EXPECT_EQ(ReadEncoded(cipher, " \n"), "");
  }
  EXPECT_EQ(ReadEncoded(TextCipher::kRot13, "nzore 4417"), "nzore 4417\namber 4417") << "nobody can tell: both";
}

TEST(EncodedRequest, WorksOnAModelWhoseGuardReadsPlainTextOnly) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kCipher));
  Budget budget;
  for (double cipher = 1; cipher <= 5; ++cipher) {
    const auto attempt = Make(EncodedRequest(), {{"cipher", cipher}})->Try(model, Secret(), budget).value();
    if (cipher == 5)
      EXPECT_EQ(attempt.produced, "the code is amber lantern 4417.") << "Morse has no capitals";
    else
      EXPECT_EQ(attempt.produced, Secret().candidates[0]) << cipher;
    EXPECT_EQ(attempt.prompt.find(Secret().text), std::string::npos);
  }
}

TEST(EncodedRequest, NoCipherHelpsWithAModelThatReadsNone) {
  engines::RefusingModel model(engines::Keeping(engines::Weakness::kNone));
  Budget budget;
  const auto attempt = Make(EncodedRequest())->Try(model, Secret(), budget).value();
  EXPECT_EQ(attempt.produced.find("amber"), std::string::npos);
}

}  // namespace
}  // namespace ringfort::attacks::data_to_model
