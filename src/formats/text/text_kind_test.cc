#include "formats/text/text_kind.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ringfort::formats {
namespace {

bool Json(std::string_view text) { return LooksLikeJson(AsBytes(text)); }
bool Xml(std::string_view text) { return LooksLikeXml(AsBytes(text)); }
bool Python(std::string_view text) { return LooksLikePython(AsBytes(text)); }
bool Jinja(std::string_view text) { return LooksLikeJinja(AsBytes(text)); }

TEST(TextKind, Json) {
  EXPECT_TRUE(Json("{\"a\": 1}"));
  EXPECT_TRUE(Json("\xEF\xBB\xBF { \"a\""));
  EXPECT_TRUE(Json("{}"));
  EXPECT_TRUE(Json("[1, 2]"));
  EXPECT_TRUE(Json("[{\"a\": 1}]"));
  EXPECT_TRUE(Json("[[[1.5, 2]]]"));
  EXPECT_TRUE(Json("[\"a\", \"b\"]"));
  EXPECT_TRUE(Json("{\"a\":1}\n{\"a\":2}\n"));
  EXPECT_FALSE(Json("[1] Smith et al. 2020"));
  EXPECT_FALSE(Json("{{ messages }}"));
  EXPECT_FALSE(Json("{% if x %}"));
  EXPECT_FALSE(Json("{x}"));
  EXPECT_FALSE(Json("[section]\nkey = 1\n"));
  EXPECT_FALSE(Json("[UNK]\n[CLS]\n"));
  EXPECT_FALSE(Json(""));
}

TEST(TextKind, Xml) {
  EXPECT_TRUE(Xml("<?xml version=\"1.0\"?><PMML/>"));
  EXPECT_TRUE(Xml("<PMML version=\"4.4\">"));
  EXPECT_TRUE(Xml("<!-- model --><net name=\"m\" version=\"11\">"));
  EXPECT_TRUE(Xml("<!DOCTYPE pmml [<!ENTITY a 'b'>]>"));
  EXPECT_TRUE(Xml("<p:PMML xmlns:p=\"http://www.dmg.org/PMML-4_4\">"));
  EXPECT_FALSE(Xml("<!DOCTYPE html><html>"));
  EXPECT_FALSE(Xml("<p align=\"center\">\n  <img src=\"x\">\n"));
  EXPECT_FALSE(Xml("<s>\n</s>\n<unk>\n"));
  EXPECT_FALSE(Xml("a < b"));
}

TEST(TextKind, Python) {
  EXPECT_TRUE(Python("import torch\n"));
  EXPECT_TRUE(
      Python("# coding: utf-8\n\"\"\"A model.\n\nProse of many words here.\nMore of it.\n\"\"\"\nfrom .a import b\n"));
  EXPECT_TRUE(Python("class M(nn.Module):\n  def f(self):\n    pass\n"));
  EXPECT_TRUE(Python("exec(open('x').read())\n"));
  EXPECT_TRUE(Python("#!/usr/bin/env python3\nprint(1)\n"));
  EXPECT_TRUE(Python("__builtins__.__dict__['x']('y')\n"));
  EXPECT_TRUE(Python("().__class__.__base__.__subclasses__()\n"));
  EXPECT_FALSE(Python("import duties rise in spring\n"));
  EXPECT_FALSE(Python("from the desk of the editor\nWe write to you.\n"));
  EXPECT_FALSE(Python("# Model\n\nThis is a model.\n\n```python\nimport torch\n```\n"));
  EXPECT_FALSE(Python("key = value\nother = 3\n"));
  EXPECT_FALSE(Python("{% if x %}\nimport os\n{% endif %}\n"));
  EXPECT_FALSE(Python("torch==2.1\nnumpy>=1.2\n"));
}

TEST(TextKind, Jinja) {
  EXPECT_TRUE(Jinja("{% for m in messages %}{{ m.content }}{% endfor %}"));
  EXPECT_TRUE(Jinja("{%- set x = 1 %}"));
  EXPECT_TRUE(Jinja("hello {{ messages[0]['content'] }}"));
  EXPECT_TRUE(Jinja("{{ ''.__class__ }}"));
  EXPECT_FALSE(Jinja("title = {{Deep Learning}}"));
  EXPECT_FALSE(Jinja("{{ if .System }}{{ .System }}{{ end }}"));
  EXPECT_FALSE(Jinja("{ % if"));
}

TEST(TextKind, SurvivesAnything) {
  std::mt19937 random(7);
  const std::string alphabet = "{}[]%\"' \n#<>!-abfrom import(x)=:.\xEF\xBB\xBF`1";
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    Json(text), Xml(text), Python(text), Jinja(text);
  }
}

}  // namespace
}  // namespace ringfort::formats
