package io.navarch.objects;

import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// An object as JSON and, while in use, as a tree without its managed fields: an idle object takes no more memory
/// than its bytes. Both are immutable, so the whole process shares them.
public final class Encoded {
    /// A tree that has been made this many times is in constant use.
    private static final int OFTEN = 4;

    private final byte[] json;
    /// The parsed tree; garbage-collected when unused, or when memory is short.
    private volatile @Nullable Reference<View> read;

    /// How often the tree has been parsed; updates may get lost.
    private byte asked;

    private Encoded(byte[] json) {
        this.json = json;
    }

    public static Encoded of(byte[] json) {
        return new Encoded(json);
    }

    /// For an object that has just been parsed: readers find its tree until the next garbage collection. A tree that is
    /// asked for again and again is kept for as long as that continues.
    ///
    /// @param tree what `json` says
    public static Encoded of(byte[] json, View tree) {
        var encoded = new Encoded(json);
        encoded.read = new WeakReference<>(tree);
        return encoded;
    }

    public byte[] json() {
        return json;
    }

    /// The object without `metadata.managedFields`.
    ///
    /// @throws Json.MalformedException when the bytes are not JSON
    public View view() {
        var reference = read;
        var known = reference == null ? null : reference.get();
        if (known != null) return known;
        var made = View.of(Json.parseUnmanaged(json));
        if (asked < OFTEN) asked++;
        read = asked >= OFTEN ? new SoftReference<>(made) : new WeakReference<>(made);
        return made;
    }
}
