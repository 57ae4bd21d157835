package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How large a file system is, and what of it is left for those who are not root.
///
/// @param inodes 0 when their number is not fixed
public record FileSystemSpace(long bytes, long bytesAvailable, long inodes, long inodesFree) {
    // Words of the kernel's answer.
    private static final int BLOCK_SIZE = 1;
    private static final int BLOCKS = 2;
    private static final int BLOCKS_AVAILABLE = 4;
    private static final int FILES = 5;
    private static final int FILES_FREE = 6;

    /// Of the one that a directory is on, or will be when it is made.
    public static FileSystemSpace of(Path directory) throws IOException {
        var there = directory.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) there = there.getParent();
        var words = Kernel.space(there.toString());
        return new FileSystemSpace(
                words[BLOCKS] * words[BLOCK_SIZE],
                words[BLOCKS_AVAILABLE] * words[BLOCK_SIZE],
                words[FILES],
                words[FILES_FREE]);
    }
}
