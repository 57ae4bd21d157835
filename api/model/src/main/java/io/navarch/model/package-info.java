/// The API's structures as types: lenses that read an object tree and copy nothing, builders that write one, the
/// resources' names, and the values of enumerated fields. All of it but the few types in this folder is generated while
/// building from the official client's models and the kinds' `overlay.txt`.
///
/// Absent is one thing: an empty string, list or map, zero, `false`, `UNSET`, a structure that does not
/// [exist][io.navarch.objects.Lens#exists]; only times are optional. Where presence matters there is `hasX()`.
///
/// Start with [io.navarch.model.Structure]; [io.navarch.model.Resources] lists the resources.
@NullMarked
package io.navarch.model;

import org.jspecify.annotations.NullMarked;
