/// What the definitions of many kinds are written with: checks with the published texts, shared columns, and the names
/// of resources.
package io.navarch.kinds.support;
