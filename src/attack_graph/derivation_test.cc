#include "attack_graph/derivation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "attack_graph/attack_path.h"
#include "attack_graph/propagation.h"

namespace ringfort::attack_graph {
namespace {

Derivation DeriveFrom(std::string_view text) {
  const Result<std::vector<Rule>> rules = ReadRules(text, "rules");
  EXPECT_TRUE(rules.ok()) << rules.error().what;
  Result<Derivation> derivation = Derive(rules.value());
  EXPECT_TRUE(derivation.ok()) << derivation.error().what;
  return std::move(derivation).value();
}

std::vector<std::string> Texts(const Derivation& derivation) {
  std::vector<std::string> texts;
  for (const Atom& fact : derivation.facts) texts.push_back(Text(fact));
  return texts;
}

std::string ErrorOf(std::string_view text) {
  const Result<std::vector<Rule>> rules = ReadRules(text, "r");
  return rules.ok() ? "none" : rules.error().what;
}

TEST(Rule, ReadsClausesNotesAndQuotes) {
  const Result<std::vector<Rule>> rules = ReadRules(
      "% a comment\np(a, 'B c').\n% a step | 0.5 | 3\nq(X, _) :-\n  p(X, Y), % in between\n  r(Y).\nhalt.", "r");
  ASSERT_TRUE(rules.ok()) << rules.error().what;
  ASSERT_EQ(rules.value().size(), 3u);
  EXPECT_EQ(Text(rules.value()[0].head), "p(a, B c)");
  EXPECT_FALSE(rules.value()[0].head.terms[1].variable);
  EXPECT_EQ(rules.value()[1].name, "a step");
  EXPECT_EQ(rules.value()[1].probability, 0.5);
  EXPECT_EQ(rules.value()[1].cost, 3);
  EXPECT_EQ(rules.value()[1].body.size(), 2u);
  EXPECT_EQ(rules.value()[2].name, "halt");
}

TEST(Rule, FaultsNameTheirLine) {
  EXPECT_EQ(ErrorOf("p(a).\nq(X) :- p(X)\n"), "r:3: a full stop ends a clause");
  EXPECT_EQ(ErrorOf("p(a"), "r:1: 'p(' is not closed");
  EXPECT_EQ(ErrorOf("p(a,)."), "r:1: a term is missing");
  EXPECT_EQ(ErrorOf("\n:- p."), "r:2: a predicate is missing");
  EXPECT_EQ(ErrorOf("p('a\n')."), "r:1: a quoted constant does not end on its line");
}

TEST(Derivation, ClosesARelation) {
  const Derivation derivation = DeriveFrom(
      "edge(a, b). edge(b, c). edge(c, a).\nreach(X, Y) :- edge(X, Y).\nreach(X, Z) :- reach(X, Y), edge(Y, Z).\n");
  EXPECT_EQ(derivation.facts.size(), 3u + 9u);
  EXPECT_NE(derivation.Find("reach(a, a)"), kNone);
  // 3 facts, 3 steps of the first rule, and for each of the 9 pairs one last edge.
  EXPECT_EQ(derivation.graph.step_count(), 3u + 3u + 9u);
}

TEST(Derivation, ConstantsAndRepeatedVariablesMustAgree) {
  const Derivation derivation =
      DeriveFrom("p(a, a). p(a, b). p(b, b).\nsame(X) :- p(X, X).\nwith_a(Y) :- p(a, Y).\np(x) :- p(a, a).\n");
  EXPECT_THAT(Texts(derivation), ::testing::UnorderedElementsAre("p(a, a)", "p(a, b)", "p(b, b)", "same(a)", "same(b)",
                                                                 "with_a(a)", "with_a(b)", "p(x)"));
}

TEST(Derivation, WildcardsMeetEverythingAndNarrow) {
  const Derivation derivation = DeriveFrom(
      "may(root, _). may(guest, read). file(etc).\n"
      "can(Who, What, File) :- may(Who, What), file(File).\n"
      "write(Who) :- can(Who, write, _).\n"
      "both(X) :- may(root, X), may(guest, X).\n"
      "open(Who, Else) :- write(Who).\n");
  EXPECT_NE(derivation.Find("can(root, _, etc)"), kNone);
  EXPECT_NE(derivation.Find("write(root)"), kNone);
  EXPECT_EQ(derivation.Find("write(guest)"), kNone);
  EXPECT_NE(derivation.Find("both(read)"), kNone) << "the wildcard is narrowed by what is met later";
  EXPECT_NE(derivation.Find("open(root, _)"), kNone) << "a variable that nothing binds stays open";
}

TEST(Derivation, LimitsAndFaults) {
  const auto rules = ReadRules("n(z). n(Y) :- n(X), next(X, Y). next(a, b). next(z, a).", "r").value();
  DerivationLimits limits;
  limits.facts = 4;
  const Result<Derivation> few = Derive(rules, limits);
  ASSERT_FALSE(few.ok());
  EXPECT_EQ(few.error().fault, Fault::kLimitExceeded);
  EXPECT_EQ(Derive(ReadRules("p(X).", "r").value()).error().what, "the fact p(X) holds a variable");
}

// Of three variables only what the ties join is tried: by kinds alone it were 2000^3 ways.
TEST(Derivation, JoinsByWhatIsBound) {
  std::string text = "far(A, C) :- node(A), node(B), node(C), edge(A, B), edge(B, C), mark(_, C).\nmark(x, _).\n";
  constexpr int kNodes = 2000;
  for (int i = 0; i < kNodes; ++i) text += fmt::format("node(n{0}).\nedge(n{0}, n{1}).\n", i, i + 1);
  const Derivation derivation = DeriveFrom(text);
  std::size_t far = 0;
  for (const Atom& fact : derivation.facts) far += fact.predicate == "far";
  EXPECT_EQ(far, kNodes - 2);
  EXPECT_NE(derivation.Find("far(n0, n2)"), kNone);
  EXPECT_EQ(derivation.Find("far(n0, n3)"), kNone);
}

// The three hosts of the MulVAL paper (X. Ou, S. Govindavajhala, A. Appel, "MulVAL: A
// Logic-based Network Security Analyzer", USENIX Security 2005), facts and rules in
// our own words: a web server in reach of the internet, a file server whose export
// the web server may write, a workstation that mounts it.
constexpr std::string_view kThreeHosts = R"(
attackerLocated(internet).
reaches(internet, webServer, tcp, 80).
reaches(webServer, _, _, _).
reaches(fileServer, _, _, _).
reaches(workStation, _, _, _).
service(webServer, httpd, tcp, 80, apache).
vulnerable(webServer, 'CAN-2002-0392', httpd).
vulnerabilityKind('CAN-2002-0392', remoteExploit, privEscalation).
service(fileServer, mountd, rpc, 100005, root).
vulnerable(fileServer, mountdOverflow, mountd).
vulnerabilityKind(mountdOverflow, remoteExploit, privEscalation).
exports(fileServer, '/export', read, workStation).
exports(fileServer, '/export', write, webServer).
mounts(workStation, '/usr/local/share', fileServer, '/export', read).

% a known vulnerability of a program on the host | 1.0
exploitable(Host, Program, Range, Effect) :- vulnerable(Host, Id, Program), vulnerabilityKind(Id, Range, Effect).
% direct network access | 1.0
netAccess(Host, Protocol, Port) :- attackerLocated(Zone), reaches(Zone, Host, Protocol, Port).
% multi-hop access | 0.5
netAccess(Host, Protocol, Port) :- execCode(From, Permission), reaches(From, Host, Protocol, Port).
% remote exploit of a server program | 1.0
execCode(Host, Permission) :- exploitable(Host, Program, remoteExploit, privEscalation),
  service(Host, Program, Protocol, Port, Permission), netAccess(Host, Protocol, Port).
% local exploit | 1.0
execCode(Host, root) :- exploitable(Host, Program, localExploit, privEscalation), execCode(Host, Permission).
% exploit of a client program | 0.2
execCode(Host, Permission) :- exploitable(Host, Program, remoteClient, privEscalation),
  account(Victim, Host, Permission), opensWhatItIsSent(Victim, Program).
% Trojan horse installation | 0.8
execCode(Host, root) :- accessFile(Host, write, Path).
% a compromised principal's account | 0.5
execCode(Host, Permission) :- principalCompromised(Victim), account(Victim, Host, Permission), canAccessHost(Host).
% password sniffing | 0.8
principalCompromised(Victim) :- account(Victim, Host, Permission), execCode(Host, root).
% NFS shell | 0.8
accessFile(Server, Access, Path) :- execCode(Client, Permission), exports(Server, Path, Access, Client).
% NFS semantics | 1.0
accessFile(Client, _, Path) :- accessFile(Server, write, ServerPath), mounts(Client, Path, Server, ServerPath, read).
% a file of the account | 1.0
accessFile(Host, write, Path) :- execCode(Host, Owner), ownsFile(Host, Owner, Path).
% access by running code on the host | 1.0
canAccessHost(Host) :- execCode(Host, Permission).
% access by a login service | 1.0
canAccessHost(Host) :- loginService(Host, Protocol, Port), netAccess(Host, Protocol, Port).
% a login service by its program | 1.0
loginService(Host, Protocol, Port) :- service(Host, sshd, Protocol, Port, Permission).
)";

TEST(Derivation, TheThreeHostsFall) {
  const Derivation derivation = DeriveFrom(kThreeHosts);
  for (const std::string_view fact :
       {"netAccess(webServer, tcp, 80)", "execCode(webServer, apache)", "accessFile(fileServer, write, /export)",
        "execCode(fileServer, root)", "accessFile(workStation, _, /usr/local/share)", "execCode(workStation, root)",
        "canAccessHost(webServer)", "canAccessHost(fileServer)", "canAccessHost(workStation)"})
    EXPECT_NE(derivation.Find(fact), kNone) << fact;

  const Fact goal = derivation.Find("execCode(workStation, root)");
  const std::vector<AttackPath> paths = FindAttackPaths(derivation.graph, goal, 5);
  ASSERT_FALSE(paths.empty());
  EXPECT_NEAR(paths[0].probability, 0.64, 1e-12) << "1.0 x 1.0 x 0.8 x 1.0 x 0.8";
  const Result<std::vector<double>> exact = ExactPropagation(derivation.graph);
  ASSERT_TRUE(exact.ok()) << exact.error().what;
  EXPECT_GE(exact.value()[goal], 0.64);
  EXPECT_LT(exact.value()[goal], 1);
}

TEST(Derivation, TheThreeHostsStandWithoutTheWritableExport) {
  std::string text(kThreeHosts);
  const std::string_view line = "exports(fileServer, '/export', write, webServer).\n";
  text.erase(text.find(line), line.size());
  const std::string_view patched = "vulnerable(fileServer, mountdOverflow, mountd).\n";
  text.erase(text.find(patched), patched.size());
  const Derivation derivation = DeriveFrom(text);
  EXPECT_NE(derivation.Find("execCode(webServer, apache)"), kNone);
  EXPECT_EQ(derivation.Find("execCode(workStation, root)"), kNone);
}

}  // namespace
}  // namespace ringfort::attack_graph
