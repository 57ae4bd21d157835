/// The patches that clients send: JSON patch, merge patch and strategic merge patch.
package io.navarch.schema.patch;
