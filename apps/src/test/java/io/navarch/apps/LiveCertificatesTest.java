package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.pki.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCertificatesTest {
    @TempDir
    Path directory;

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-06-01T12:00:00Z"));
    private final AtomicReference<Host> machine = new AtomicReference<>(new Host("here", "192.0.2.1"));
    private Pki pki;
    private LiveCertificates certificates;

    @BeforeEach
    void open() throws IOException {
        pki = new Pki(directory.resolve("pki"), time::get);
        certificates = new LiveCertificates(pki);
    }

    @Test
    void aContextIsKeptUntilItsCertificateIsAnother() throws IOException {
        var names = new ServingNames(List.of("localhost"), machine::get);
        var tls = certificates.server(() -> pki.server("apiserver", "kube-apiserver", names.now()));
        var first = tls.get();
        certificates.look();
        assertThat(tls.get()).isSameAs(first);
        time.updateAndGet(then -> then.plus(Duration.ofDays(61)));
        certificates.look();
        var second = tls.get();
        assertThat(second).isNotSameAs(first);
        machine.set(new Host("here", "192.0.2.2"));
        certificates.look();
        assertThat(tls.get()).isNotSameAs(second);
        var third = tls.get();
        // A network that is gone for a while changes nothing.
        machine.set(new Host("here", "192.0.2.1"));
        certificates.look();
        assertThat(tls.get()).isSameAs(third);
    }

    /// For as long as nobody looks, a cluster that runs never shows a certificate that has ended.
    @Test
    void whileTimeGoesOnNothingEnds() throws IOException {
        var valid = certificates.keep(
                pki::entries,
                entries -> entries.stream()
                        .filter(entry -> !entry.authority())
                        .allMatch(entry -> entry.until().isAfter(time.get())));
        var client = certificates.client(() -> pki.client("a", "a"));
        var administrator = certificates.keep(() -> pki.administrator("masters"), pair -> pair);
        for (int day = 0; day < 400; day += 5) {
            time.updateAndGet(then -> then.plus(Duration.ofDays(5)));
            certificates.look();
            certificates.look();
            assertThat(valid.get()).isTrue();
        }
        assertThat(client.get()).isNotNull();
        assertThat(administrator.get().key()).contains("RSA");
    }

    /// Whoever removes the directory after the end finds nobody who still writes into it.
    @Test
    void theEndWaitsForKeysThatAreBeingMade() throws Exception {
        var making = new AtomicReference<Runnable>();
        certificates.serviceAccountKeys(read -> read, making::set);
        var end = Thread.ofVirtual().start(certificates::finish);
        while (end.getState() != Thread.State.WAITING && end.isAlive()) Thread.onSpinWait();
        assertThat(end.isAlive()).isTrue();
        making.get().run();
        end.join();
        assertThat(pki.hasServiceAccountKeys()).isTrue();
    }

    @Test
    void whatCannotBeRenewedNowStaysInUseAndKeepsNothingElseBack() throws IOException {
        var broken = new AtomicReference<String>("");
        var one = certificates.keep(
                () -> {
                    if (!broken.get().isEmpty()) throw new IOException(broken.get());
                    return "one";
                },
                text -> text);
        var other = certificates.keep(() -> pki.client("a", "a"), pair -> pair);
        var before = other.get();
        broken.set("No space left on device");
        time.updateAndGet(then -> then.plus(Duration.ofDays(61)));
        certificates.look();
        assertThat(one.get()).isEqualTo("one");
        assertThat(other.get()).isNotEqualTo(before);
        try (var files = Files.list(directory.resolve("pki"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".new"))).isEmpty();
        }
    }

    /// The first keys of tokens are nobody's business until somebody uses them, and then they are there.
    @Test
    void theFirstTokenKeysAreMadeBesideTheStart() throws IOException {
        var begun = new ArrayList<Runnable>();
        var keys = certificates.serviceAccountKeys(read -> read.own().getEncoded(), begun::add);
        assertThat(directory.resolve("pki/sa.key")).doesNotExist();
        certificates.look();
        begun.getFirst().run();
        assertThat(directory.resolve("pki/sa.key")).exists();
        var first = keys.get();
        pki.exchangeServiceAccountKey();
        certificates.look();
        assertThat(keys.get()).isNotEqualTo(first);
        var again = certificates.serviceAccountKeys(read -> read.own().getEncoded(), task -> {
            throw new AssertionError("they are there");
        });
        assertThat(again.get()).isEqualTo(keys.get());
    }

    @Test
    void tokenKeysThatCouldNotBeMadeAreTriedAgain() throws IOException {
        var full = new AtomicReference<>("No space left on device");
        var keys = certificates.serviceAccountKeys(
                read -> {
                    if (!full.get().isEmpty()) throw new IOException(full.get());
                    return read;
                },
                Runnable::run);
        assertThatThrownBy(keys::get).hasMessageContaining("No space left");
        certificates.look();
        assertThatThrownBy(keys::get).hasMessageContaining("No space left");
        full.set("");
        certificates.look();
        assertThat(keys.get()).isEqualTo(pki.serviceAccountKeys());
    }
}
