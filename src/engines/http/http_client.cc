#include "engines/http/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <ctime>
#include <optional>
#include <utility>

#include "engines/http/http_connection_internal.h"

namespace ringfort::engines {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

bool IsWorthAnother(const ExchangeResult& result) {
  if (result.end == ExchangeEnd::kAnswered) return MayPass(result.answer.status);
  return result.end == ExchangeEnd::kUnreachable || result.end == ExchangeEnd::kBroken;
}

}  // namespace

struct HttpClient::State {
  struct Lane {  // a connection and the request that it carries
    explicit Lane(boost::asio::io_context& loop) : pause(loop) {}
    std::unique_ptr<HttpConnection> connection{};
    boost::asio::steady_timer pause;
    std::size_t request = 0;
    std::uint32_t attempt = 0;
    bool replaced = false;
    Deadline deadline{};
  };

  State(const HttpSettings& wanted, const RetryPolicy& policy_of_retries, std::uint64_t seed)
      : settings(wanted), policy(policy_of_retries), random(seed) {}

  void Next(Lane& lane) {
    if (next == requests.size()) return;
    lane.request = next++;
    lane.attempt = 0;
    lane.deadline = Clock::now() + settings.whole_timeout;
    Try(lane);
  }

  void Try(Lane& lane) {
    if (++lane.attempt > 1) ++retries;
    lane.replaced = false;
    Ask(lane);
  }

  void Ask(Lane& lane) {
    lane.connection->Exchange(requests[lane.request], lane.deadline,
                              [this, &lane](ExchangeResult result) { Consider(lane, std::move(result)); });
  }

  void Consider(Lane& lane, ExchangeResult result) {
    if (result.was_idle && !lane.replaced) {
      lane.replaced = true;
      return Ask(lane);
    }
    if (!IsWorthAnother(result)) return Conclude(lane, std::move(result), "");
    const auto wanted = ParseRetryAfter(result.answer.retry_after, std::time(nullptr));
    const auto wait = RetryWait(policy, lane.attempt, wanted, random);
    if (!wait) {
      return Conclude(lane, std::move(result),
                      lane.attempt < policy.attempts
                          ? fmt::format("it asks to wait for {} s, which is too long",
                                        wanted.value_or(milliseconds{0}).count() / 1000)
                          : fmt::format("gave up after {} attempt{}", lane.attempt, lane.attempt == 1 ? "" : "s"));
    }
    if (Clock::now() + *wait >= lane.deadline) {
      return Conclude(lane, std::move(result),
                      fmt::format("gave up after {} s", settings.whole_timeout.count() / 1000));
    }
    lane.pause.expires_after(*wait);
    lane.pause.async_wait([this, &lane](boost::system::error_code) { Try(lane); });
  }

  void Conclude(Lane& lane, ExchangeResult result, const std::string& why_no_more) {
    answers[lane.request] = Conclusion(std::move(result), why_no_more);
    Next(lane);
  }

  Result<HttpAnswer> Conclusion(ExchangeResult result, const std::string& why_no_more) {
    const std::string more = why_no_more.empty() ? "" : fmt::format(" ({})", why_no_more);
    switch (result.end) {
      case ExchangeEnd::kAnswered: break;
      case ExchangeEnd::kUnreachable:
        return Complaint(Fault::kUnavailable, fmt::format("cannot be reached: {}{}", result.reason, more));
      case ExchangeEnd::kTooLarge: return Complaint(Fault::kLimitExceeded, result.reason);
      case ExchangeEnd::kStalled: return Complaint(Fault::kUnavailable, "stalls: " + result.reason);
      default: return Complaint(Fault::kUnavailable, result.reason + more);
    }
    // What a server says of its own fault is worth reading; that it is busy is not.
    if (MayPass(result.answer.status) && result.answer.status != 500) {
      const std::string_view word = result.answer.status == 429 ? "limits the rate" : "is in trouble";
      return Complaint(Fault::kUnavailable, fmt::format("{} (status {}){}", word, result.answer.status, more));
    }
    settings.key.RedactWhole(result.answer.body);
    return std::move(result.answer);
  }

  Error Complaint(Fault fault, std::string_view what) const {
    return {fault, settings.key.Redact(fmt::format("{}: {}", settings.url.Origin(), what))};
  }

  HttpSettings settings;
  RetryPolicy policy;
  Random random;
  boost::asio::io_context loop{1};
  std::unique_ptr<HttpConnector> connector{};
  std::vector<std::unique_ptr<Lane>> lanes{};

  std::span<const HttpRequest> requests{};
  std::size_t next = 0;
  std::vector<std::optional<Result<HttpAnswer>>> answers{};
  std::uint64_t retries = 0;
};

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::Make(const HttpSettings& settings, const RetryPolicy& policy,
                                                     std::uint64_t seed) {
  if (!settings.key.empty() && !settings.url.secure && !settings.url.IsLoopback()) {
    return Error{Fault::kInvalidInput,
                 fmt::format("the key would travel in the clear to {}: use https", settings.url.host)};
  }
  if (settings.connections < 1 || settings.connections > 256) {
    return Error{Fault::kInvalidInput, fmt::format("{} connections are not from 1 to 256", settings.connections)};
  }
  auto state = std::make_unique<State>(settings, policy, seed);
  TRY(connector, MakeHttpConnector(settings, state->loop));
  state->connector = std::move(connector);
  for (std::uint32_t i = 0; i < settings.connections; ++i) {
    state->lanes.push_back(std::make_unique<State::Lane>(state->loop));
    state->lanes.back()->connection = state->connector->Connection();
  }
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(state)));
}

std::vector<Result<HttpAnswer>> HttpClient::SendAll(std::span<const HttpRequest> requests) {
  State& state = *state_;
  state.requests = requests;
  state.next = 0;
  state.answers.assign(requests.size(), std::nullopt);
  std::string broke = "the loop ended early";
  try {
    for (auto& lane : state.lanes) state.Next(*lane);
    state.loop.restart();
    state.loop.run();
  } catch (const std::exception& failed) {
    broke = failed.what();
  }
  std::vector<Result<HttpAnswer>> answers;
  answers.reserve(requests.size());
  for (auto& answer : state.answers) {
    answers.push_back(answer ? std::move(*answer) : state.Complaint(Fault::kInternal, broke));
  }
  state.answers.clear();
  return answers;
}

Result<HttpAnswer> HttpClient::Send(const HttpRequest& request) {
  return std::move(SendAll(std::span(&request, 1)).front());
}

Error HttpClient::Complaint(Fault fault, std::string_view what) const { return state_->Complaint(fault, what); }

std::uint64_t HttpClient::opened() const { return state_->connector->opened(); }

std::uint64_t HttpClient::retries() const { return state_->retries; }

}  // namespace ringfort::engines
