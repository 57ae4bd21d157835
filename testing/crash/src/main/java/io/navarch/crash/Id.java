package io.navarch.crash;

import io.navarch.objects.ObjectKey;

/// An object of the load.
///
/// @param kind the resource's plural
record Id(String kind, ObjectKey key) {
    @Override
    public String toString() {
        return kind + " " + key;
    }
}
