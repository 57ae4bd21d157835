package io.navarch.encryption;

/// One way to make values unreadable.
public interface ValueCipher {
    /// A value that could be read again.
    ///
    /// @param current whether it would be written the same way now
    record Opened(byte[] value, boolean current) {}

    /// What each value begins with that this one has written; nothing for values that are stored as they are.
    byte[] prefix();

    /// @param context the key that the value is stored under: it opens nowhere else
    /// @return what follows the prefix
    byte[] seal(byte[] value, byte[] context);

    /// @param body what follows the prefix
    /// @throws UnreadableValueException when no key of this cipher opens it
    Opened open(byte[] body, byte[] context);
}
