package io.navarch.objects;

import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// An object as JSON and, while somebody uses it, as a tree without its managed fields: many objects take no more room
/// than their bytes. Nobody changes either, so all of a process share one.
public final class Encoded {
    /// A tree that has been made this many times is in constant use.
    private static final int OFTEN = 4;

    private final byte[] json;
    /// The tree when it has been made; collected when memory is short or nobody uses it.
    private volatile @Nullable Reference<View> read;

    /// How often the tree had to be made; a lost count does no harm.
    private byte asked;

    private Encoded(byte[] json) {
        this.json = json;
    }

    public static Encoded of(byte[] json) {
        return new Encoded(json);
    }

    /// One that has just been read: whoever looks at it now finds the tree, which does not outlive the next collection
    /// for that. A tree that is asked for again and again is kept as long as that goes on.
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
    /// @throws Json.MalformedException when the bytes are no JSON
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
