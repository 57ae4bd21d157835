package io.navarch.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemSpaceTest {
    @TempDir
    Path directory;

    @Test
    void isWhatTheMachineSays() throws Exception {
        var store = Files.getFileStore(directory);
        var space = FileSystemSpace.of(directory.resolve("not/there/yet"));
        assertThat(space.bytes()).isEqualTo(store.getTotalSpace());
        assertThat(space.bytesAvailable()).isBetween(0L, space.bytes());
        assertThat(space.inodesFree()).isBetween(0L, space.inodes());
        // Others write meanwhile.
        assertThat((double) Math.abs(space.bytesAvailable() - store.getUsableSpace()))
                .isLessThan(0.1 * space.bytes());
    }
}
