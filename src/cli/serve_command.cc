#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/terminal_progress.h"
#include "service/serve_model.h"

namespace ringfort {

void AddServeCommand(CLI::App& model, int& exit_code) {
  CLI::App* command =
      model.add_subcommand("serve", "Serve a model of this machine as an endpoint of OpenAI's protocol");
  auto options = std::make_shared<service::ServeOptions>();
  auto patience = std::make_shared<std::uint32_t>(60);
  auto seconds = std::make_shared<std::uint32_t>(300);
  service::HttpServerSettings& server = options->server;
  command
      ->add_option("MODEL", options->source,
                   "a GGUF file, a folder as Hugging Face keeps one, or torch:PATH, which runs either with libtorch")
      ->required();
  command->add_option("--host", server.host, "The address to listen at")->capture_default_str();
  command->add_option("--port", server.port, "The port (0: the system chooses)")->capture_default_str();
  command->add_flag("--public", server.beyond_loopback, "Other machines may reach it");
  command->add_option("--api-key-file", options->key_file, "A file with the key that clients must name");
  command->add_option("--context", options->model.context,
                      "Tokens of one sequence (0: what the model was trained on, at most 4,096)");
  command->add_option("--threads", options->model.threads, "Threads that compute (0: one a core)")
      ->check(CLI::Range(0, 1024));
  command->add_option("--maximum-body", server.body_bytes, "Bytes of a request's body")
      ->check(CLI::Range(std::uint64_t{1024}, std::uint64_t{1} << 28))
      ->capture_default_str();
  command->add_option("--connections", server.connections, "Connections at once")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command
      ->add_option("--queue", server.queue, "Requests that wait while another is computed; more are told to come later")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command
      ->add_option("--max-tokens", options->maximum_tokens,
                   "Tokens of one answer at most, whatever is asked for (0: as many as the context holds)")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  command->add_option("--timeout", *seconds, "Seconds that one request may be computed (0: no bound)")
      ->check(CLI::Range(0, 86400))
      ->capture_default_str();
  command->add_option("--patience", *patience, "Seconds for a request to come whole, and for an answer to be taken")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  command->footer(
      "One request is computed at a time, and no longer once whoever asked has closed the connection; the list of\n"
      "models and /health are answered meanwhile. The first line of the output is the address; Ctrl-C or SIGTERM "
      "ends.\n"
      "Examples:\n"
      "  ringfort model serve model.gguf --port 8080\n"
      "  ringfort model logprobs http://127.0.0.1:8080/v1 'Once upon a time'\n"
      "  curl http://127.0.0.1:8080/v1/completions -H 'Content-Type: application/json' \\\n"
      "       -d '{\"prompt\": \"Once upon a time\", \"max_tokens\": 20, \"logprobs\": 3}'");
  command->callback([options, patience, seconds, &exit_code] {
    options->server.patience = std::chrono::seconds(*patience);
    options->time = std::chrono::seconds(*seconds);
    const auto ready = [](const service::ServedAddress& served) {
      std::fputs((served.url + "\n").c_str(), stdout);
      std::fflush(stdout);
      if (!served.loopback && !served.key)
        std::fputs("warning: whoever reaches this machine may ask: there is no --api-key-file\n", stderr);
      else if (!served.loopback)
        std::fputs("warning: the key and what is asked travel in the clear: put TLS in front\n", stderr);
    };
    const auto served = service::ServeModel(*options, ready, [] { return !Interrupted(); });
    if (!served.ok()) {
      const Error& error = served.error();
      const int code = error.fault == Fault::kInternal                                            ? kExitFailure
                       : error.fault == Fault::kUnavailable || error.fault == Fault::kUnsupported ? kExitUsage
                                                                                                  : kExitIncomplete;
      exit_code = Complain(error.what, code);
      return;
    }
    const auto& [answered, refused] = served.value();
    std::fputs(fmt::format("{} requests answered, {} refused\n", answered, refused).c_str(), stdout);
    exit_code = kExitClean;
  });
}

}  // namespace ringfort
