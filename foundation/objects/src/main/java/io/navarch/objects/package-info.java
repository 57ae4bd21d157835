/// The object tree every part of Navarch works on: plain maps, lists, strings, numbers and booleans, with the
/// codecs (JSON, YAML) and the small value types of the Kubernetes API (quantity, selectors, names, times).
///
/// Must not know any kind, any I/O and any clock. Start with [io.navarch.objects.View] (reading) and
/// [io.navarch.objects.Json] (the codec).
@NullMarked
package io.navarch.objects;

import org.jspecify.annotations.NullMarked;
