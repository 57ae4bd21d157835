package io.navarch.apps.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.store.StoreRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    @TempDir
    Path directory;

    @Test
    void oneAtATimeHasADirectoryByWhateverName() throws Exception {
        var data = directory.resolve("data");
        var other = Files.createSymbolicLink(directory.resolve("other"), data);
        try (var held = DataLock.take(data)) {
            assertThat(held.data()).isEqualTo(data);
            assertThatThrownBy(() -> DataLock.take(data))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("a server runs with " + data);
            assertThatThrownBy(() -> DataLock.take(other)).isInstanceOf(StoreRefusedException.class);
        }
        try (var held = DataLock.take(other)) {
            assertThat(held.data()).isEqualTo(other);
        }
    }
}
