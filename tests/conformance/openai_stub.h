#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engines/scripted/scripted_model.h"

namespace ringfort::engines {

// What one request gets instead of an answer.
enum class Trick : std::uint8_t {
  kServe,          // no trick
  kStatus,         // a status, with Retry-After where it is told
  kStall,          // nothing, until the client goes
  kCutBody,        // half of the answer, then the end
  kCloseSilently,  // the end, without a byte
  kNotHttp,        // a greeting of another protocol
  kNotJson,        // status 200 and a page
  kWrongShape,     // JSON with log-probabilities of a shape that nobody knows
  kHuge,           // claims a terabyte
};

struct StubTurn {
  Trick trick = Trick::kServe;
  int status = 0;
  std::string retry_after{};
  std::string message = "not now";
};

// What the server is able to do.
struct StubManners {
  bool models = true;
  bool completions = true;
  bool chat = true;
  bool echo = true;
  bool embeddings = true;
  bool tokenize = true;
  bool log_probabilities = true;  // refused with 400 if not
  bool content_shape = false;     // completions tell them as a list of objects, as llama.cpp does
  bool obeys_bias = true;         // false: taken and not heeded
  bool obeys_top_k = true;
  bool certain_scores = false;  // says 0 for each echoed token
  bool positive_scores = false;
  bool shifted_scores = false;              // tells half a nat less than is true
  bool scores_after_bias = true;            // false: of the model before the bias
  std::string key{};                        // asked for, if not empty
  std::uint32_t requests_a_connection = 0;  // then closes without a word; 0: keeps
  std::chrono::milliseconds delay{0};       // before each answer
  std::string tls_name{};                   // "IP:127.0.0.1": speaks TLS, with a certificate of its own for that name
};

struct SeenRequest {
  std::string method{};
  std::string target{};
  std::string head{};
  std::string body{};
};

// A server on loopback, at a port that the system chooses, that serves a ScriptedModel in
// OpenAI's protocol and misbehaves on command. Plain sockets, a thread a connection.
class OpenAiStub {
 public:
  explicit OpenAiStub(Script script = {}, StubManners manners = {});
  ~OpenAiStub();

  std::string url() const;
  std::uint16_t port() const;
  std::string certificate() const;  // PEM; empty without TLS
  // The next `times` requests get this.
  void Next(const StubTurn& turn, std::uint32_t times = 1);
  std::vector<SeenRequest> seen() const;
  void Forget();                      // what was seen
  std::uint32_t connections() const;  // accepted so far
  std::uint32_t most_at_once() const;
  // Closes the port and all connections.
  void Die();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ringfort::engines
