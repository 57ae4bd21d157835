package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import io.navarch.store.StoreRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true);

    @Test
    void saysWhatIsDamagedAndMakesTheBestOfIt() throws Exception {
        var store = directory.resolve("store");
        try (var open = new EmbeddedStore(store, InstantSource.system())) {
            for (int i = 0; i < 2000; i++)
                open.put("/k/" + i % 1000, ("value " + i).getBytes(), Store.ANY, Duration.ZERO);
            assertThatThrownBy(() -> StoreCommand.check(store, out))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("is in use by");
        }
        assertThat(StoreCommand.check(store, out)).isZero();
        assertThat(said.toString()).contains("1000 keys, 2000 versions", "all parts agree");
        try (var list = Files.list(store)) {
            var largest = list.filter(file -> file.toString().endsWith(".sst"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
            var bytes = Files.readAllBytes(largest);
            bytes[50] ^= 1;
            Files.write(largest, bytes);
            assertThat(StoreCommand.check(store, out)).isOne();
            assertThat(said.toString()).contains(largest.toString());
        }
        assertThat(StoreCommand.repair(store, out)).isZero();
        assertThat(said.toString()).contains("the damaged store is now " + store + ".damaged-1", "lost: /k/");
        assertThat(StoreCommand.check(store, out)).isZero();
    }

    @Test
    void anythingElseIsNotUnderstood() {
        var data = List.of("--data-dir", directory.toString(), "mend");
        assertThatThrownBy(() -> StoreCommand.run(data, Map.of())).isInstanceOf(Options.UsageException.class);
        var nothing = List.of("--data-dir", directory.toString(), "check");
        assertThatThrownBy(() -> StoreCommand.run(nothing, Map.of())).hasMessageContaining("there is no store in");
    }
}
