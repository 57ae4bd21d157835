/// PostgreSQL in pods with claims, under load, while its processes and everything that runs them are killed at random.
/// No row whose commit was acknowledged may be missing, no data directory may have two servers, and nothing may be left
/// when the pods and claims have gone.
///
/// Start with [io.navarch.crash.postgres.PostgresKills].
@NullMarked
package io.navarch.crash.postgres;

import org.jspecify.annotations.NullMarked;
