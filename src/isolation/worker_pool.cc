#include "isolation/worker_pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

#include "isolation/system_call_filter.h"

namespace ringfort {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargestRequest = std::size_t{4} << 20;
constexpr std::size_t kLargestAnswer = std::size_t{64} << 20;
constexpr std::size_t kQueuedLightTasks = 16;
// What waits in a worker's queue must fit into its socket: a parent that is stuck
// in a send cannot take the answer that the worker is stuck in sending.
constexpr std::size_t kLargestQueuedRequest = std::size_t{6} << 10;
// A worker watches its own clock and answers in time; this is for one that
// cannot.
constexpr auto kGrace = std::chrono::milliseconds(2000);

bool SendAll(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool ReceiveAll(int socket, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, data, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// The length travels with the descriptor, so that the two cannot come apart.
bool SendTask(int socket, const Task& task) {
  std::uint32_t length = static_cast<std::uint32_t>(task.request.size());
  iovec part{&length, sizeof length};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (task.descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &task.descriptor, sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == sizeof length && SendAll(socket, task.request.data(), task.request.size());
}

bool ReceiveTask(int socket, std::string& request, int& descriptor) {
  std::uint32_t length = 0;
  iovec part{&length, sizeof length};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got;
  do got = recvmsg(socket, &message, MSG_WAITALL);
  while (got < 0 && errno == EINTR);
  if (got != sizeof length || length > kLargestRequest) return false;
  descriptor = -1;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header))
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
      std::memcpy(&descriptor, CMSG_DATA(header), sizeof(int));
  request.resize(length);
  return ReceiveAll(socket, request.data(), length);
}

[[noreturn]] void ServeTasks(int socket, pid_t parent, const std::function<Work()>& make_work, const Cage& cage) {
  // A parent that is killed leaves nobody behind, not even one that is at work.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  // Ctrl-C belongs to the parent, which then closes the socket.
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  const Work work = make_work();
  // 2: could not be caged, so it must not touch anything.
  if (!LimitResources(cage.memory).ok()) _exit(2);
  if (cage.filter_system_calls && !ForbidSystemCalls().ok()) _exit(2);
  std::string request;
  int descriptor = -1;
  while (ReceiveTask(socket, request, descriptor)) {
    const std::string answer = work(request, descriptor);
    if (descriptor >= 0) close(descriptor);
    const std::uint64_t length = answer.size();
    if (!SendAll(socket, reinterpret_cast<const char*>(&length), sizeof length) ||
        !SendAll(socket, answer.data(), answer.size()))
      break;
  }
  _exit(0);
}

std::string DeathOf(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    if (number == SIGSYS) return "the worker was stopped at a forbidden system call";
    if (number == SIGKILL) return "the worker was killed (out of memory?)";
    if (number == SIGBUS) return "the file became shorter while it was read";
    return fmt::format("the worker died of signal {} ({})", number, strsignal(number));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 2) return "the worker could not be caged";
  return fmt::format("the worker ended early (status {})", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

}  // namespace

struct WorkerPool::Worker {
  pid_t process = -1;
  int socket = -1;
  std::deque<Task> queue;     // front: under way
  Clock::time_point started;  // when the front began
  std::string received;       // bytes of an answer that is coming in
  std::size_t answered = 0;   // tasks answered by this process
};

class WorkerPool::Loop {
 public:
  Loop(WorkerPool& pool, const std::function<bool(Task&)>& next,
       const std::function<void(std::uint64_t, Outcome)>& done)
      : pool_(pool), next_(next), done_(done) {}

  ~Loop() {
    for (Worker& worker : workers_) Retire(worker, SIGKILL);
    for (Task& task : again_) CloseDescriptor(task);
    if (held_) CloseDescriptor(*held_);
  }

  Status Run(const std::function<bool()>& tick) {
    auto last_tick = Clock::now();
    while (true) {
      if (const auto fed = Feed(); !fed.ok()) return fed;
      if (workers_.empty() || Idle()) return Done{};
      Wait();
      const auto now = Clock::now();
      for (std::size_t i = 0; i < workers_.size();) {
        if (!workers_[i].queue.empty() && now - workers_[i].started > pool_.cage_.time + kGrace)
          TimeOut(i);
        else
          ++i;
      }
      if (now - last_tick >= std::chrono::milliseconds(100)) {
        last_tick = now;
        if (!tick()) return Done{};
      }
    }
  }

 private:
  bool Idle() const {
    return again_.empty() &&
           std::all_of(workers_.begin(), workers_.end(), [](const Worker& w) { return w.queue.empty(); });
  }

  // The held task comes first: there is one place to hold.
  bool Take(Task& task) {
    if (held_) {
      task = std::move(*held_);
      held_.reset();
      return true;
    }
    if (!again_.empty()) {
      task = std::move(again_.front());
      again_.pop_front();
      return true;
    }
    return next_(task);
  }

  // Gives work to whoever can take it: an idle worker first, then a new worker,
  // then (light tasks only) the shortest queue.
  Status Feed() {
    while (true) {
      Worker* free = nullptr;
      for (Worker& worker : workers_)
        if (free == nullptr || worker.queue.size() < free->queue.size()) free = &worker;
      const bool may_start = workers_.size() < pool_.workers_;
      if (free != nullptr && !free->queue.empty() && !may_start) {
        const bool light = std::all_of(free->queue.begin(), free->queue.end(), [](const Task& t) { return t.light; });
        if (!light || free->queue.size() >= kQueuedLightTasks) return Done{};
      }
      Task task;
      if (!Take(task)) return Done{};
      if (task.request.size() > kLargestQueuedRequest) task.light = false;
      if (free != nullptr && !free->queue.empty() && may_start) free = nullptr;
      if (free != nullptr && !free->queue.empty() && !task.light) {
        held_ = std::move(task);
        return Done{};
      }
      if (free == nullptr) {
        if (const auto started = Start(); !started.ok()) {
          CloseDescriptor(task);
          if (workers_.empty()) return started;
          done_(task.id, {Outcome::Kind::kDied, {}, started.error().what});
          continue;
        }
        free = &workers_.back();
      }
      if (free->queue.empty()) free->started = Clock::now();
      // A send that fails shows as a death at the next wait.
      (void)SendTask(free->socket, task);
      free->queue.push_back(std::move(task));
    }
  }

  Status Start() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      return Error{Fault::kUnavailable, fmt::format("cannot start a worker: {}", std::strerror(errno))};
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process < 0) {
      close(ends[0]);
      close(ends[1]);
      return Error{Fault::kUnavailable, fmt::format("cannot start a worker: {}", std::strerror(errno))};
    }
    if (process == 0) {
      close(ends[0]);
      // A worker that held its siblings' sockets would keep them alive.
      for (const Worker& sibling : workers_) close(sibling.socket);
      ServeTasks(ends[1], parent, pool_.make_work_, pool_.cage_);
    }
    close(ends[1]);
    workers_.push_back({});
    workers_.back().process = process;
    workers_.back().socket = ends[0];
    return Done{};
  }

  void Wait() {
    std::vector<pollfd> watched;
    watched.reserve(workers_.size());
    for (const Worker& worker : workers_) watched.push_back({worker.socket, POLLIN, 0});
    if (poll(watched.data(), watched.size(), 50) <= 0) return;
    for (std::size_t i = watched.size(); i-- > 0;)
      if (watched[i].revents != 0) Receive(i);
  }

  void Receive(std::size_t index) {
    Worker& worker = workers_[index];
    char buffer[65536];
    const ssize_t got = recv(worker.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) return Bury(index);
    worker.received.append(buffer, static_cast<std::size_t>(got));
    while (worker.received.size() >= sizeof(std::uint64_t)) {
      std::uint64_t length = 0;
      std::memcpy(&length, worker.received.data(), sizeof length);
      if (length > kLargestAnswer || worker.queue.empty()) {
        kill(worker.process, SIGKILL);  // no honest worker says that
        return Bury(index);
      }
      if (worker.received.size() < sizeof length + length) return;
      Outcome outcome{Outcome::Kind::kAnswered, worker.received.substr(sizeof length, length), {}};
      worker.received.erase(0, sizeof length + length);
      Task task = std::move(worker.queue.front());
      worker.queue.pop_front();
      worker.started = Clock::now();
      ++worker.answered;
      CloseDescriptor(task);
      done_(task.id, std::move(outcome));
    }
  }

  void TimeOut(std::size_t index) {
    kill(workers_[index].process, SIGKILL);
    End(index, {Outcome::Kind::kTimedOut,
                {},
                fmt::format("not done after {} ms, the worker was stopped", pool_.cage_.time.count())});
  }

  void Bury(std::size_t index) { End(index, {Outcome::Kind::kDied, {}, {}}); }

  // The task under way is lost; those that waited behind it are tried again.
  void End(std::size_t index, Outcome outcome) {
    Worker worker = std::move(workers_[index]);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(index));
    close(worker.socket);
    const std::string death = DeathOf(worker.process);
    if (outcome.reason.empty()) outcome.reason = death;
    if (worker.queue.empty()) return;
    Task lost = std::move(worker.queue.front());
    worker.queue.pop_front();
    CloseDescriptor(lost);
    for (Task& waiting : worker.queue) {
      waiting.light = false;  // each gets a worker to itself now
      again_.push_back(std::move(waiting));
    }
    done_(lost.id, std::move(outcome));
  }

  void Retire(Worker& worker, int signal_number) {
    for (Task& task : worker.queue) CloseDescriptor(task);
    if (!worker.queue.empty()) kill(worker.process, signal_number);
    close(worker.socket);
    (void)DeathOf(worker.process);
  }

  static void CloseDescriptor(Task& task) {
    if (task.descriptor >= 0) close(task.descriptor);
    task.descriptor = -1;
  }

  WorkerPool& pool_;
  const std::function<bool(Task&)>& next_;
  const std::function<void(std::uint64_t, Outcome)>& done_;
  std::vector<Worker> workers_;
  std::deque<Task> again_;
  std::optional<Task> held_;
};

WorkerPool::WorkerPool(std::function<Work()> make_work, const Cage& cage, int workers)
    : make_work_(std::move(make_work)), cage_(cage), workers_(static_cast<std::size_t>(std::max(1, workers))) {}
WorkerPool::~WorkerPool() = default;

Status WorkerPool::Run(const std::function<bool(Task&)>& next, const std::function<void(std::uint64_t, Outcome)>& done,
                       const std::function<bool()>& tick) {
  Loop loop(*this, next, done);
  return loop.Run(tick);
}

}  // namespace ringfort
