#include "isolation/system_call_filter.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>

#ifdef RINGFORT_WITH_SECCOMP
#include <seccomp.h>
#endif

namespace ringfort {

#ifdef RINGFORT_WITH_SECCOMP
Result<bool> ForbidSystemCalls() {
  // EPERM rather than death for what is not listed: the C library probes for
  // calls and has fallbacks. What only an attacker would want is fatal.
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return Error{Fault::kUnavailable, "cannot make a system-call filter"};
  int failed = 0;
  for (const int call : {SCMP_SYS(read),
                         SCMP_SYS(readv),
                         SCMP_SYS(pread64),
                         SCMP_SYS(write),
                         SCMP_SYS(writev),
                         SCMP_SYS(recvmsg),
                         SCMP_SYS(sendmsg),
                         SCMP_SYS(recvfrom),
                         SCMP_SYS(sendto),
                         SCMP_SYS(munmap),
                         SCMP_SYS(mremap),
                         SCMP_SYS(madvise),
                         SCMP_SYS(brk),
                         SCMP_SYS(futex),
                         SCMP_SYS(close),
                         SCMP_SYS(fstat),
                         SCMP_SYS(newfstatat),
                         SCMP_SYS(lseek),
                         SCMP_SYS(getrandom),
                         SCMP_SYS(gettid),
                         SCMP_SYS(getpid),
                         SCMP_SYS(tgkill),
                         SCMP_SYS(exit),
                         SCMP_SYS(exit_group),
                         SCMP_SYS(clock_gettime),
                         SCMP_SYS(clock_nanosleep),
                         SCMP_SYS(nanosleep),
                         SCMP_SYS(gettimeofday),
                         SCMP_SYS(sched_yield),
                         SCMP_SYS(rt_sigreturn),
                         SCMP_SYS(rt_sigprocmask),
                         SCMP_SYS(rt_sigaction),
                         SCMP_SYS(sigaltstack),
                         SCMP_SYS(restart_syscall),
                         SCMP_SYS(membarrier),
                         SCMP_SYS(rseq),
                         SCMP_SYS(set_robust_list),
                         SCMP_SYS(sched_getaffinity),
                         SCMP_SYS(uname)})
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  // Memory may be had, but never memory that can be executed.
  const scmp_arg_cmp not_executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    failed |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &not_executable);
  for (const int call :
       {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(socket), SCMP_SYS(connect),
        SCMP_SYS(bind), SCMP_SYS(ptrace), SCMP_SYS(creat), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename),
        SCMP_SYS(renameat2), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(mount)})
    failed |= seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0);
  failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
  if (failed == 0) failed = seccomp_load(filter);
  seccomp_release(filter);
  if (failed != 0) return Error{Fault::kUnavailable, "the system refuses a system-call filter (seccomp)"};
  return true;
}
#else
Result<bool> ForbidSystemCalls() { return false; }
#endif

Status LimitResources(std::uint64_t memory_bytes) {
  const auto limit = [](auto what, std::uint64_t most) {
    const rlimit bound{most, most};
    return setrlimit(what, &bound) == 0;
  };
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  bool good = limit(RLIMIT_CORE, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_FSIZE, 0);
#ifndef RINGFORT_SANITIZED
  good = good && limit(RLIMIT_DATA, memory_bytes);
#else
  (void)memory_bytes;
#endif
  if (!good) return Error{Fault::kUnavailable, "cannot set resource limits"};
  return Done{};
}

}  // namespace ringfort
