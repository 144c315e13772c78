#include "attack_graph/derivation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "attack_graph/attack_path.h"
#include "attack_graph/propagation.h"
#include "base/random.h"

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
  // Five premises with nothing in common and one that no choice of them meets.
  std::string wide = "none(X) :- p(A), p(B), p(C), p(D), p(E), q(A, B, C, D, E). q(a, a, a, a, b).\n";
  for (int i = 0; i < 50; ++i) wide += fmt::format("p(n{}). q(n{}, a, a, a, a).\n", i, i);
  limits = {};
  limits.tries = 100'000;
  const Result<Derivation> late = Derive(ReadRules(wide, "r").value(), limits);
  EXPECT_TRUE(late.ok()) << "what is bound leaves little to try";
  limits.tries = 50;
  const Result<Derivation> endless = Derive(ReadRules(wide, "r").value(), limits);
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error().what, "no end after 50 tries to meet premises");
  std::string many = "p";
  for (int i = 0; i < 65; ++i) many += i == 0 ? " :- q" : ", q";
  EXPECT_EQ(ErrorOf("\n" + many + "."), "r:2: more premises than a rule may have");
}

TEST(Derivation, UnknownsOfAFactAreTheSameWhereverTheyStand) {
  const Derivation derivation = DeriveFrom(
      "same(X, X). all(Y). odd(_any, a). three(X, X, X).\n"
      "node(a). node(b).\n"
      "equal(A, B) :- same(A, B).\n"
      "both(A, B) :- node(A), node(B), same(A, B).\n"
      "bound(A) :- same(A, B), node(B).\n"
      "swapped(A, B, C) :- same(A, C), all(B).\n"
      "hit :- same(a, a).\n"
      "miss :- same(a, b).\n"
      "tied(B) :- three(_, B, a).\n"
      "untied :- three(b, _, a).\n"
      "renamed(B, A) :- equal(A, B).\n"
      "wild(A) :- odd(A, _).\n");
  std::vector<std::string> derived = Texts(derivation);
  EXPECT_EQ(derivation.given, 6u);
  EXPECT_THAT(std::vector<std::string>(derived.begin(), derived.begin() + 6),
              ::testing::ElementsAre("same(X1, X1)", "all(_)", "odd(_, a)", "three(X1, X1, X1)", "node(a)", "node(b)"));
  derived.erase(derived.begin(), derived.begin() + 6);
  EXPECT_THAT(derived,
              ::testing::UnorderedElementsAre("equal(X1, X1)", "both(a, a)", "both(b, b)", "bound(a)", "bound(b)",
                                              "swapped(X1, _, X1)", "hit", "tied(a)", "renamed(X1, X1)", "wild(_)"));
}

// What every fact of `derivation` over p and q says of a, b and c alone.
std::set<std::string> GroundFacts(const Derivation& derivation) {
  std::set<std::string> ground;
  for (const Atom& fact : derivation.facts) {
    if (fact.predicate == "dom") continue;
    for (int choice = 0; choice < 27; ++choice) {  // for each place a constant of its own
      Atom instance = fact;
      std::map<std::string, std::string> chosen;
      int rest = choice;
      for (Term& term : instance.terms) {
        const std::string constant(1, static_cast<char>('a' + rest % 3));
        rest /= 3;
        if (term.variable)
          term.text = chosen.try_emplace(term.text, constant).first->second;
        else if (term.text == "_")
          term.text = constant;
      }
      ground.insert(Text(instance));
    }
  }
  return ground;
}

// What follows from facts with unknowns is what follows from all that they say of the
// constants, where a premise dom(X) spells out every variable that may stay open.
TEST(Derivation, UnknownsSayWhatTheirInstancesSay) {
  Random random(31);
  std::size_t open = 0;
  for (int trial = 0; trial < 60; ++trial) {
    std::string with_unknowns;
    std::string spelled_out = "dom(a). dom(b). dom(c).\n";
    for (int clause = 0; clause < 9; ++clause) {
      int wildcards = 0;
      std::set<std::string> in_head;
      const auto atom = [&](bool head, bool spelled, std::uint64_t draw) {
        std::string text = draw % 2 == 0 ? "p(" : "q(";
        for (int i = 0; i < 3; ++i) {
          draw /= 7;
          static constexpr std::string_view kTerms[] = {"a", "b", "X", "Y", "Z", "X", "_"};
          std::string term(kTerms[draw % 7]);
          if (term == "_" && head && spelled) term = fmt::format("W{}", ++wildcards);
          if (head && term.front() >= 'W' && term.front() <= 'Z') in_head.insert(term);
          text += (i == 0 ? "" : ", ") + term;
        }
        return text + ")";
      };
      const std::uint64_t draws[] = {random.Below(100'000), random.Below(100'000), random.Below(100'000)};
      const std::size_t premises = clause < 4 ? 0 : 1 + random.Below(2);
      std::string body;
      for (std::size_t i = 1; i <= premises; ++i) body += (i == 1 ? " :- " : ", ") + atom(false, false, draws[i]);
      with_unknowns += atom(true, false, draws[0]) + body + ".\n";
      spelled_out += atom(true, true, draws[0]) + body;
      for (const std::string& variable : in_head) {
        spelled_out += (body.empty() ? " :- dom(" : ", dom(") + variable + ")";
        body = "some";
      }
      spelled_out += ".\n";
    }
    const Derivation derivation = DeriveFrom(with_unknowns);
    for (const Atom& fact : derivation.facts)
      open += std::ranges::any_of(fact.terms, [](const Term& term) { return term.variable; });
    ASSERT_EQ(GroundFacts(derivation), GroundFacts(DeriveFrom(spelled_out))) << with_unknowns;
  }
  EXPECT_GT(open, 30u) << "else nothing was tried";
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
// Logic-based Network Security Analyzer", USENIX Security 2005), as the test case of that
// name in its published program asks them: a web server in reach of the internet, a file
// server whose export the web server may write, a workstation that mounts it. Facts and
// the 25 rules in our own words; the numbers of the steps are those published.
constexpr std::string_view kThreeHosts = R"(
attackerLocated(internet).
reaches(internet, webServer, tcp, 80).
reaches(webServer, _, _, _).
reaches(fileServer, _, _, _).
reaches(workStation, _, _, _).
reaches(Host, Host, _, _).
service(webServer, httpd, tcp, 80, apache).
vulnerable(webServer, 'CAN-2002-0392', httpd).
vulnerabilityKind('CAN-2002-0392', remoteExploit, privEscalation).
service(fileServer, mountd, rpc, 100005, root).
vulnerable(fileServer, mountdOverflow, mountd).
vulnerabilityKind(mountdOverflow, remoteExploit, privEscalation).
exports(fileServer, '/export', _, workStation).
exports(fileServer, '/export', _, webServer).
mayAccess(fileServer, root, _, _).
mounts(workStation, '/usr/local/share', fileServer, '/export', read).

% a compromised principal's account | 0.5
execCode(Host, Account) :- principalCompromised(Victim), account(Victim, Host, Account), canAccessHost(Host).
% local exploit | 1.0
execCode(Host, root) :- execCode(Host, Account), exploitable(Host, Id, Program, localExploit, privEscalation).
% remote exploit of a server program | 1.0
execCode(Host, Account) :- exploitable(Host, Id, Program, remoteExploit, privEscalation),
  service(Host, Program, Protocol, Port, Account), netAccess(Host, Protocol, Port).
% remote exploit of a client program | 0.5
execCode(Host, Account) :- exploitable(Host, Id, Program, remoteClient, privEscalation),
  account(Victim, Host, Account), opensHostileInput(Host, Victim, Program).
% Trojan horse installation | 0.8
execCode(Host, root) :- accessFile(Host, write, Path).
% multi-hop access | 0.5
netAccess(Host, Protocol, Port) :- execCode(From, Account), reaches(From, Host, Protocol, Port).
% direct network access | 1.0
netAccess(Host, Protocol, Port) :- attackerLocated(Zone), reaches(Zone, Host, Protocol, Port).
% direct access on the host | 1.0
netAccess(Host, Protocol, Port) :- attackerLocated(Host).
% access by running code on the host | 1.0
canAccessHost(Host) :- execCode(Host, Account).
% access by a login service | 1.0
canAccessHost(Host) :- loginService(Host, Protocol, Port), netAccess(Host, Protocol, Port).
% running code implies access to files | 1.0
accessFile(Host, Access, Path) :- execCode(Host, Account), canAccessFile(Host, Account, Access, Path).
% password sniffing as root | 0.8
principalCompromised(Victim) :- account(Victim, Host, Account), execCode(Host, root).
% password sniffing in the account | 0.8
principalCompromised(Victim) :- account(Victim, Host, Account), execCode(Host, Account).
% a login service by ssh | 1.0
loginService(Host, Protocol, Port) :- service(Host, sshd, Protocol, Port, Account).
% a login service by a tunnel | 1.0
loginService(Host, Protocol, Port) :- service(Host, vpnService, Protocol, Port, Account).
% NFS semantics, from the client | 1.0
accessFile(Server, Access, ServerPath) :- mounts(Client, Path, Server, ServerPath, Access),
  accessFile(Client, Access, Path).
% NFS semantics, from the server | 1.0
accessFile(Client, Access, Path) :- mounts(Client, Path, Server, ServerPath, read),
  accessFile(Server, Access, ServerPath).
% NFS shell | 0.8
accessFile(Server, Access, Path) :- execCode(Client, Account), exports(Server, Path, Access, Client),
  reaches(Client, Server, nfsProtocol, nfsPort).
% the protection of local files | 1.0
canAccessFile(Host, Account, Access, Path) :- mayAccess(Host, Account, Access, Path).
% a known vulnerability of a program on the host | 1.0
exploitable(Host, Id, Program, Range, Effect) :- vulnerable(Host, Id, Program), vulnerabilityKind(Id, Range, Effect).
% a vulnerability taken as a hypothesis | 1.0
exploitable(Host, Id, Program, Range, Effect) :- supposedVulnerable(Host, Program, Range, Effect).
% a vulnerability of a library | 1.0
exploitable(Host, Id, Program, Range, Effect) :- exploitable(Host, Id, Library, Range, Effect),
  uses(Host, Program, Library).
% a careless user browses a hostile site | 0.8
opensHostileInput(Host, Victim, Program) :- careless(Victim), reaches(Host, Site, http, httpPort),
  attackerLocated(Site).
% a careful user browses a hostile site | 0.1
opensHostileInput(Host, Victim, Program) :- careful(Victim), reaches(Host, Site, http, httpPort),
  attackerLocated(Site).
% a careless user browses a site that has fallen | 0.4
opensHostileInput(Host, Victim, Program) :- careless(Victim), webServer(Site), reaches(Host, Site, http, httpPort),
  execCode(Site, Account).
)";

// By hand: both vulnerabilities are known (1, 2) and root's protection on the file server
// is a rule's premise (3). The web server is reached (4) and falls (5, 6). From there
// everything is reached (7), itself too by its own tie (8). The mountd exploit takes the file
// server (9, 10), which reaches itself (11); its root has every file (12), and the web
// server's NFS shell the export (13). The workstation sees it (14), runs what was put there (15:
// the goal, 16) and reaches itself (17). Reading the mount gives back the export to read
// (18), and so the mount to read (19). The internet, where the attacker sits, is reached (20).
TEST(Derivation, TheThreeHostsGiveTheirTwentyFacts) {
  const Derivation derivation = DeriveFrom(kThreeHosts);
  std::vector<std::string> derived = Texts(derivation);
  derived.erase(derived.begin(), derived.begin() + static_cast<std::ptrdiff_t>(derivation.given));
  EXPECT_EQ(derivation.given, 16u);
  EXPECT_THAT(derived,
              ::testing::UnorderedElementsAre(
                  "exploitable(webServer, CAN-2002-0392, httpd, remoteExploit, privEscalation)",
                  "exploitable(fileServer, mountdOverflow, mountd, remoteExploit, privEscalation)",
                  "canAccessFile(fileServer, root, _, _)", "netAccess(webServer, tcp, 80)",
                  "execCode(webServer, apache)", "canAccessHost(webServer)", "netAccess(_, _, _)",
                  "netAccess(webServer, _, _)", "execCode(fileServer, root)", "canAccessHost(fileServer)",
                  "netAccess(fileServer, _, _)", "accessFile(fileServer, _, _)", "accessFile(fileServer, _, /export)",
                  "accessFile(workStation, _, /usr/local/share)", "execCode(workStation, root)",
                  "canAccessHost(workStation)", "netAccess(workStation, _, _)", "accessFile(fileServer, read, /export)",
                  "accessFile(workStation, read, /usr/local/share)", "netAccess(internet, _, _)"));
  EXPECT_EQ(derived.size(), 20u);
}

TEST(Derivation, TheThreeHostsFall) {
  const Derivation derivation = DeriveFrom(kThreeHosts);
  const Fact goal = derivation.Find("execCode(workStation, root)");
  ASSERT_NE(goal, kNone);
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
  for (const std::string_view line :
       {"exports(fileServer, '/export', _, webServer).\n", "vulnerable(fileServer, mountdOverflow, mountd).\n"}) {
    ASSERT_NE(text.find(line), std::string::npos);
    text.erase(text.find(line), line.size());
  }
  const Derivation derivation = DeriveFrom(text);
  EXPECT_NE(derivation.Find("execCode(webServer, apache)"), kNone);
  EXPECT_EQ(derivation.Find("execCode(workStation, root)"), kNone);
}

}  // namespace
}  // namespace ringfort::attack_graph
