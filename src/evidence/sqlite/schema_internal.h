#pragma once

#include "evidence/sqlite/connection_internal.h"

// The tables of the store and how they came to be what they are.

namespace ringfort::sqlite {

// `PRAGMA application_id` of every store: "RFev". A database without it is
// somebody else's.
inline constexpr std::int64_t kApplicationId = 0x52466576;

// The version that this program reads and writes, in `PRAGMA user_version`: the
// number of migrations.
int SchemaVersion();

// Checks that the database is a store of a version that we know. With `write` an
// empty file becomes a store, and an older store is brought up to date, each
// migration in a transaction of its own.
// Errors: kInvalidInput if it is not a store or a newer one (or, without `write`,
// an older one).
Status PrepareSchema(Connection& connection, const std::string& path, bool write);

}  // namespace ringfort::sqlite
