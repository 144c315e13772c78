#include "cli/terminal_progress.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "cli/exit_code.h"

namespace ringfort {
namespace {

volatile sig_atomic_t interrupted = 0;

void OnInterrupt(int) {
  if (interrupted != 0) _exit(kExitInterrupted);
  interrupted = 1;
}

std::size_t TerminalWidth() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

}  // namespace

void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

bool Interrupted() { return interrupted != 0; }

TerminalProgress::TerminalProgress(bool wanted) : shown_(wanted && isatty(STDERR_FILENO) != 0) {}

TerminalProgress::~TerminalProgress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void TerminalProgress::Show(std::uint64_t done, std::uint64_t total, std::uint64_t done_bytes,
                            std::uint64_t total_bytes) {
  // Other work begins: what is counted after what is weighed, or the same anew.
  if (const bool counts = total_bytes == 0; counts != counts_ || done < last_) {
    counts_ = counts;
    begin_ = std::chrono::steady_clock::now();
    first_ = done;
    first_bytes_ = done_bytes;
  }
  last_ = done;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  // Work that is over before anyone could read a bar gets none.
  if (!shown_ || seconds < 0.3) return;
  const double share = total_bytes > 0 ? double(done_bytes) / double(total_bytes)
                       : total > 0     ? double(done) / double(total)
                                       : 1.0;
  const double rate = double(counts_ ? done - first_ : done_bytes - std::min(first_bytes_, done_bytes)) / seconds;
  const double left = rate > 0 ? double(counts_ ? total - done : total_bytes - done_bytes) / rate : 0;
  const std::string facts =
      counts_ ? fmt::format(" {:3.0f} %  {} of {}  {:.1f}/s  {:.0f} s left", share * 100, done, total, rate, left)
              : fmt::format(" {:3.0f} %  {} of {} files  {}/s  {:.0f} s left", share * 100, done, total,
                            HumanBytes(static_cast<unsigned long long>(rate)), left);
  const std::size_t width = TerminalWidth();
  const std::size_t room = width > facts.size() + 4 ? std::min<std::size_t>(40, width - facts.size() - 4) : 0;
  const auto full = static_cast<std::size_t>(share * double(room));
  std::string bar;
  for (std::size_t i = 0; i < room; ++i) bar += i < full ? "█" : "░";
  std::fputs(fmt::format("\r{}{}\x1b[K", bar, facts).c_str(), stderr);
  drawn_ = true;
}

}  // namespace ringfort
