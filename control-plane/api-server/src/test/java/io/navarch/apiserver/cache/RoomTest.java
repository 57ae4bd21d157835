package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.Samples;
import io.navarch.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What caches hold on to besides their objects has a bound in bytes, of all of them together.
class RoomTest {
    private static final int SIZE = 10_000;

    private final Room room = new Room(20 * SIZE, 5 * SIZE);
    private final ObjectCache maps = loaded();
    private final ObjectCache secrets = loaded();
    private long revision = 1;

    private ObjectCache loaded() {
        var cache = new ObjectCache(Samples.things(), room);
        cache.load(List.of(new Store.Range(1, List.of(), false)));
        return cache;
    }

    private void change(ObjectCache cache) {
        var text =
                "{\"kind\":\"K\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"},\"data\":{\"a\":\""
                        + "x".repeat(SIZE) + "\"}}";
        cache.apply(new Store.Event(
                ++revision, cache.kind().storagePrefix() + "n/a", text.getBytes(StandardCharsets.UTF_8), 2));
    }

    @Test
    void changesOfAllCachesShareTheirRoom() {
        for (int i = 0; i < 15; i++) change(maps);
        assertThat(maps.cursor(1)).isNotNull();
        for (int i = 0; i < 15; i++) change(secrets);
        // The one that keeps the most has forgotten the oldest.
        assertThatThrownBy(() -> maps.cursor(1)).isInstanceOf(ExpiredException.class);
        assertThat(secrets.cursor(revision - 5)).isNotNull();
    }

    @Test
    void statesThatHoldOnToMuchAreLetGo() {
        change(maps);
        var first = maps.snapshot();
        maps.keep(first);
        for (int i = 0; i < 4; i++) change(maps);
        assertThat(maps.at(first.revision())).isPresent();
        for (int i = 0; i < 4; i++) change(maps);
        assertThat(maps.at(first.revision())).isEmpty();
    }
}
