#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "evidence/sqlite/connection_internal.h"

namespace ringfort::sqlite {
namespace {

// A store at rest in a folder that we may not write to. SQLite wants to lay its
// shared index beside a write-ahead log, unless it is told that nobody writes.
bool CannotChange(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code error;
  return faccessat(AT_FDCWD, parent.empty() ? "." : parent.c_str(), W_OK, AT_EACCESS) != 0 &&
         !std::filesystem::exists(path + "-wal", error);
}

std::string ImmutableUri(const std::string& path) {
  std::string uri = path.starts_with('/') ? "file://" : "file:";
  for (const char c : path)
    if (c == '?' || c == '#' || c == '%')
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    else
      uri += c;
  return uri + "?immutable=1";
}

}  // namespace

Error Connection::Failure() const {
  const int code = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  const auto say = [&](Fault fault, std::string_view sentence) {
    return Error{fault, fmt::format("the evidence store {} {}", path_, sentence)};
  };
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return say(Fault::kUnavailable, "is being written by another process");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return say(Fault::kUnavailable, "is read-only");
    case SQLITE_FULL: return say(Fault::kUnavailable, "cannot grow: the disk is full");
    case SQLITE_NOTADB: return say(Fault::kInvalidInput, "is not a database");
    case SQLITE_CORRUPT: return say(Fault::kInvalidInput, "is damaged");
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: {
      const int system = sqlite3_system_errno(handle_.get());
      return say(Fault::kUnavailable,
                 fmt::format("cannot be {}: {}", (code & 0xFF) == SQLITE_IOERR ? "read or written" : "opened",
                             system != 0 ? std::strerror(system) : sqlite3_errstr(code)));
    }
    default:
      return say(Fault::kInternal,
                 fmt::format("fails: {}", handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code)));
  }
}

Result<Connection> Connection::Open(const std::string& path, Access access, int busy_milliseconds) {
  // SQLite takes these for something else than a file of that name.
  if (path.empty() || path.starts_with(':') || path.starts_with("file:"))
    return Error{Fault::kInvalidInput, fmt::format("\"{}\" cannot be the path of an evidence store", path)};
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status))
    return Error{Fault::kInvalidInput, fmt::format("the evidence store {} is a folder, not a file", path)};
  if (access == Access::kRead && !std::filesystem::exists(status))
    return Error{Fault::kUnavailable, fmt::format("there is no evidence store at {}", path)};

  const bool immutable = access == Access::kRead && CannotChange(path);
  const std::string name = immutable ? ImmutableUri(path) : path;
  const int flags = access == Access::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(name.c_str(), &handle,
                      flags | (immutable ? SQLITE_OPEN_URI : 0) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Connection connection(handle, path);  // a failed open still gives a handle that must be closed
  if (code != SQLITE_OK) return connection.Failure();
  // SQLite quietly opens a file for reading that it may not write.
  if (access == Access::kWrite && sqlite3_db_readonly(handle, "main") == 1)
    return Error{Fault::kUnavailable, fmt::format("the evidence store {} is read-only", path)};
  sqlite3_busy_timeout(handle, busy_milliseconds);
  // A store may come from a stranger: its schema shall not make us call functions,
  // and damage in it shall be an error, not undefined behavior.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  return connection;
}

Status Connection::Execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return Failure();
  return Done{};
}

Result<std::int64_t> Connection::Number(const char* sql) {
  TRY(statement, Statement::Prepare(*this, sql));
  TRY(row, statement.Step());
  return row ? statement.Integer(0) : 0;
}

Result<Statement> Statement::Prepare(Connection& connection, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(connection.get(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr) != SQLITE_OK)
    return connection.Failure();
  return Statement(handle, connection);
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    // Reset at once: a statement left standing would hold its read lock.
    sqlite3_reset(handle_.get());
    return false;
  }
  const Error error = connection_->Failure();
  sqlite3_reset(handle_.get());
  return error;
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Result<Transaction> Transaction::Begin(Connection& connection) {
  TRY_STATUS(connection.Execute("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  // Some failures (a full disk) have rolled back already; a second time does no harm.
  if (connection_ != nullptr) (void)connection_->Execute("ROLLBACK");
}

Status Transaction::Commit() {
  TRY_STATUS(connection_->Execute("COMMIT"));
  connection_ = nullptr;
  return Done{};
}

}  // namespace ringfort::sqlite
