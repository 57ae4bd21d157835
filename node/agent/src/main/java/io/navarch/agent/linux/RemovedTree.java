package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;

/// The removal of a tree that others may still be changing: every step is taken from a directory that is held open, so
/// that no link put in the way is ever followed, and nothing is entered that has been mounted in it, which belongs to
/// others. A tree may be deeper than there are descriptors: what lies deep is moved up and removed later.
public final class RemovedTree {
    private static final int DEEPEST = 32;

    private final Handle top;
    private final String name;
    private final Deque<String> left = new ArrayDeque<>();
    private int moved;

    private RemovedTree(Handle top, String name) {
        this.top = top;
        this.name = name;
    }

    /// Removes what lies in a directory under a name, with all that is in it. Links are removed, not followed.
    public static void remove(Handle directory, String name) throws IOException {
        new RemovedTree(directory, name).remove();
    }

    private void remove() throws IOException {
        left.add(name);
        while (!left.isEmpty()) remove(top, left.removeFirst(), 0);
    }

    private void remove(Handle directory, String entry, int depth) throws IOException {
        try (var found = directory.sameMount(entry)) {
            if (found.attributes().isDirectory()) {
                if (depth == DEEPEST) {
                    setAside(directory, entry);
                    return;
                }
                try (var inside = Files.newDirectoryStream(found.path())) {
                    for (var each : inside) remove(found, each.getFileName().toString(), depth + 1);
                }
            }
        } catch (NoSuchFileException e) {
            // Somebody else has removed it.
            return;
        }
        Files.deleteIfExists(directory.entry(entry));
    }

    private void setAside(Handle directory, String entry) throws IOException {
        var aside = name + ".removed-" + moved++;
        Files.move(directory.entry(entry), top.entry(aside), StandardCopyOption.ATOMIC_MOVE);
        left.add(aside);
    }
}
