package io.navarch.crash;

import io.navarch.model.ConfigMap;
import io.navarch.model.Event;
import io.navarch.model.EventType;
import io.navarch.model.Lease;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A kind of the load: objects that hold a number several times, so that half an object shows.
///
/// @param contents what an object with this name and number is
record Kind<T extends Lens>(ResourceType<T> type, Maker<T> contents, Function<T, Content> reader) {
    interface Maker<T> {
        T make(Consumer<ObjectMeta.Builder> metadata, ObjectKey key, long number);
    }

    /// @param whole whether all fields are of the same number
    record Content(long number, boolean whole) {}

    static final Kind<ConfigMap> CONFIG_MAPS = new Kind<>(
            Resources.CONFIG_MAPS,
            (metadata, key, number) -> ConfigMap.builder()
                    .metadata(metadata)
                    .putData("n", "" + number)
                    .putData("pad", pad(number))
                    .putData("m", "" + number)
                    .build(),
            map -> content(map.data().get("n"), map.data().get("m"), map.data().get("pad")));

    /// Encrypted in the store.
    static final Kind<Secret> SECRETS = new Kind<>(
            Resources.SECRETS,
            (metadata, key, number) -> Secret.builder()
                    .metadata(metadata)
                    .putData("n", bytes("" + number))
                    .putData("pad", bytes(pad(number)))
                    .putData("m", bytes("" + number))
                    .build(),
            secret -> content(text(secret, "n"), text(secret, "m"), text(secret, "pad")));

    static final Kind<Lease> LEASES = new Kind<>(
            Resources.LEASES,
            (metadata, key, number) -> Lease.builder()
                    .metadata(metadata)
                    .spec(spec -> spec.holderIdentity("" + number)
                            .leaseDurationSeconds(15)
                            .leaseTransitions((int) number)
                            .renewTime(Instant.now()))
                    .build(),
            lease -> content(
                    lease.spec().holderIdentity(),
                    "" + lease.spec().leaseTransitions(),
                    pad(number(lease.spec().holderIdentity()))));

    /// Written once, and gone after an hour.
    static final Kind<Event> EVENTS = new Kind<>(
            Resources.EVENTS,
            (metadata, key, number) -> Event.builder()
                    .metadata(metadata)
                    .involvedObject(about -> about.kind("ConfigMap").name("c").namespace(key.namespace()))
                    .reason("Crash")
                    .type(EventType.NORMAL)
                    .count((int) number)
                    .message("" + number)
                    .build(),
            event -> content(event.message(), "" + event.count(), pad(event.count())));

    /// What is written again and again.
    static final List<Kind<?>> CHANGING = List.of(CONFIG_MAPS, SECRETS, LEASES);

    static final List<Kind<?>> ALL = List.of(CONFIG_MAPS, SECRETS, LEASES, EVENTS);

    Id id(ObjectKey key) {
        return new Id(type.plural(), key);
    }

    /// @param revision that is to be replaced; 0 for whatever is there
    Map<String, Object> make(ObjectKey key, long number, long revision) {
        Consumer<ObjectMeta.Builder> metadata = meta -> {
            meta.name(key.name()).namespace(key.namespace());
            if (revision > 0) meta.resourceVersion("" + revision);
        };
        return View.over(contents.make(metadata, key, number)).map();
    }

    /// The same without its name, as a patch has it.
    Map<String, Object> patch(ObjectKey key, long number) {
        var patch = new LinkedHashMap<>(make(key, number, 0));
        patch.remove("metadata");
        return patch;
    }

    Seen seen(View object) {
        var content = reader.apply(type.read(object));
        return new Seen(Long.parseLong(object.resourceVersion()), content.number, content.whole);
    }

    private static Content content(@Nullable String first, @Nullable String second, @Nullable String pad) {
        if (first == null) return new Content(-1, false);
        long number = number(first);
        return new Content(number, first.equals(second) && pad(number).equals(pad));
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    /// Up to some kilobytes that only this number has.
    private static String pad(long number) {
        return ("" + number).repeat((int) Math.max(0, number * 37 % 400));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Secret secret, String name) {
        return new String(secret.data().getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }
}
