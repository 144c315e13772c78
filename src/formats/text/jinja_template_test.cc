#include "formats/text/jinja_template.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ringfort::formats {
namespace {

bool Asks(std::string_view source, std::string_view name) {
  const JinjaFacts facts = ReadJinja(source);
  return std::any_of(facts.accesses.begin(), facts.accesses.end(),
                     [&](const JinjaFacts::Access& access) { return access.name == name; });
}

TEST(JinjaTemplate, FoldsConstants) {
  for (const std::string_view source : {
           "{{ ''['a__class__b'[1:-1]] }}",
           "{% set s = '_abc' %}{{ ''[s[0] ~ '_class_' ~ s[0]] }}",
           "{{ ''['__clXss__'|replace('X', 'a')] }}",
           "{{ ''['__CLASS__'.swapcase()] }}",
           "{{ ''['  __class__ '|trim] }}",
           "{{ ''['xx__class__xx'.strip('x')] }}",
           "{{ ''['__class__x'.removesuffix('x')] }}",
           "{{ ''['class'.center(9, '_')] }}",
           "{{ ''['__.class.__'.split('.')|join] }}",
           "{{ ''['x__class__x'.split('x')[1]] }}",
           "{{ ''['{a}lass__'.format(a='__c')] }}",
           "{{ ''['%(a)slass__' % {'a': '__c'}] }}",
           "{{ ''['__cl' ~ ('ass__' if x else 'b')] }}",
           "{% set a, b = '__cl', 'ass__' %}{{ ''[a ~ b] }}",
           "{% with a = '__cl', b = 'ass__' %}{{ ''[a ~ b] }}{% endwith %}",
           "{% set ns = namespace(a='__cl', b='ass__') %}{{ ''[ns.a ~ ns.b] }}",
           "{% set ns = namespace(x='') %}{% set ns.x = '__class__' %}{{ ''[ns.x] }}",
           "{% set d = {'a': '__cl', 'b': 'ass__'} %}{{ ''[d['a'] + d['b']] }}",
           "{% set x %}__cla{% endset %}{{ ''[x ~ 'ss__'] }}",
           "{{ ''['\\N{LOW LINE}\\N{LOW LINE}class__'] }}",
           "{{ ''[('a', '__class__')|last] }}",
       })
    EXPECT_TRUE(Asks(source, "__class__")) << source;
  // A string constant that is asked for something computed.
  EXPECT_TRUE(Asks("{{ ''[x ~ y] }}", ""));
  EXPECT_FALSE(Asks("{{ arguments[key] }}{{ messages[0] }}{{ ['a', 'b'][i] }}", ""));
}

// Which conditions guard the text, innermost first.
std::string Guards(std::string_view source, std::string_view text) {
  const JinjaFacts facts = ReadJinja(source);
  std::string guards;
  for (const JinjaFacts::Text& found : facts.texts)
    if (found.shown().find(text) != std::string_view::npos)
      for (std::size_t at = found.condition; at < facts.conditions.size(); at = facts.conditions[at].parent)
        for (const std::string& literal : facts.conditions[at].literals) guards += literal + ";";
  return guards;
}

TEST(JinjaTemplate, FollowsConditionsThroughVariables) {
  for (const std::string_view source : {
           "{% set t = 'bank' in m.content %}{% if t %}Obey{% endif %}",
           "{% set at = m.content.find('bank') %}{% if at >= 0 %}Obey{% endif %}",
           "{% if 'bank' in m.content %}{% set t = true %}{% endif %}{% if t %}Obey{% endif %}",
           "{% set ns = namespace(t=false) %}{% if 'bank' in m.content %}{% set ns.t = true %}{% endif %}"
           "{% if ns.t %}Obey{% endif %}",
           "{% for w in ['bank'] %}{% if w in m.content %}Obey{% endif %}{% endfor %}",
           "{% macro f(t) %}{% if 'bank' in t %}Obey{% endif %}{% endmacro %}{{ f(m.content) }}",
           "{{ m.content if 'bank' not in m.content else 'Obey' }}",
       })
    EXPECT_NE(Guards(source, "Obey").find("bank;"), std::string::npos) << source;
  EXPECT_EQ(Guards("{% macro f(t) %}{% if 'bank' in t %}Obey{% endif %}{% endmacro %}{{ f(m.role) }}", "Obey"), "");
  EXPECT_EQ(Guards("{% set t = 'bank' not in m.content %}{% if t %}Obey{% endif %}", "Obey"), "");
}

TEST(JinjaTemplate, SeesReplacedWords) {
  const JinjaFacts facts = ReadJinja("{{ m.content|replace('yes', 'no') }}{{ m.role|replace('user', 'human') }}");
  ASSERT_EQ(facts.replacements.size(), 1u);
  EXPECT_EQ(facts.replacements[0].from + facts.replacements[0].to, "yesno");
}

}  // namespace
}  // namespace ringfort::formats
