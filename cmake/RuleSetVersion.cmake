# Writes OUTPUT, a source file with the digest of all parsers and rules below SOURCE:
# the part of the rule-set version that nobody has to remember to change. Run as a
# build step: cmake -DSOURCE=... -DOUTPUT=... -P RuleSetVersion.cmake
file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/formats/*.cc ${SOURCE}/formats/*.h ${SOURCE}/scanners/*.cc
     ${SOURCE}/scanners/*.h)
list(FILTER files EXCLUDE REGEX "_test\\.cc$")
list(SORT files)
set(digests)
foreach(file ${files})
  file(SHA256 ${SOURCE}/${file} digest)
  string(APPEND digests "${file} ${digest}\n")
endforeach()
string(SHA256 digest "${digests}")
string(SUBSTRING ${digest} 0 12 digest)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// Made by cmake/RuleSetVersion.cmake.
namespace ringfort::scanners {
extern const char* const kRuleSetDigest;
const char* const kRuleSetDigest = \"@digest@\";
}
" @ONLY)
