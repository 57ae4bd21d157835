package io.navarch.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.ControlPlane;
import io.navarch.apps.Host;
import io.navarch.apps.LiveCertificates;
import io.navarch.apps.ServerOptions;
import io.navarch.comparison.generate.Sample;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.pki.Pki;
import io.navarch.process.Options;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the original answered, asked of ours again: the same calls as `testing/compare` makes, without the original.
class FactsTest {
    private static final Path FACTS = Path.of("facts");
    private static final Path SAMPLES = Path.of("../../api/kinds/src/test/resources/io/navarch/kinds");
    /// So many are told.
    private static final int TOLD = 20;
    /// What a watch begins with is there at once: there are no others whose turn it could be.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static EventLoops loops;
    private static Path directory;
    private static ControlPlane plane;
    private static HttpClient http;
    private static Side ours;

    @BeforeAll
    static void start() throws IOException {
        loops = new EventLoops(2);
        directory = Files.createTempDirectory("navarch-facts");
        var options = Options.parse(
                ServerOptions.DECLARED,
                List.of(
                        "--data-dir=" + directory,
                        "--port=0",
                        "--bind-address=127.0.0.1",
                        "--no-node",
                        // As the comparison starts it.
                        "--controllers=flow-schema-controller"),
                Map.of());
        var pki = new Pki(directory.resolve("pki"), InstantSource.system());
        plane = new ControlPlane(ServerOptions.read(options, Host.local()), new LiveCertificates(pki), loops);
        http = new HttpClient(loops, Duration.ofSeconds(5));
        // What is stored tells how its author was known: by a certificate, as in the comparison.
        var administrator = pki.administrator(User.MASTERS);
        var identity = new Tls.Identity(administrator.certificate(), administrator.key());
        var tls = Tls.client(new Tls.Trust.Authorities(pki.authorityPem()), Optional.of(identity));
        ours = new Side(http, HttpClient.Target.secure("127.0.0.1", plane.port(), tls), PATIENCE);
        for (var call : Samples.prepare()) ours.send(call);
    }

    @AfterAll
    static void stop() throws IOException {
        if (http != null) http.close();
        if (plane != null) plane.close();
        loops.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    static List<Sample> samples() throws IOException {
        return Sample.all(SAMPLES, BuiltInKinds.all(BuiltInKinds.types())).stream()
                .filter(sample -> Files.exists(FACTS.resolve(sample.file())))
                .toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("samples")
    void oursAnswersAsTheOriginalDid(Sample sample) throws IOException, InterruptedException {
        var facts = Facts.read(FACTS.resolve(sample.file()));
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        var known = new AtomicInteger();
        Samples.compare(
                sample,
                // No facts are kept of patches.
                group -> !group.equals(Run.PATCH),
                ours::send,
                (group, calls) -> Run.each(Run.CALLS_AT_ONCE, calls.iterator(), call -> {
                    var fact = facts.of(call);
                    if (fact.isEmpty()) return;
                    known.incrementAndGet();
                    var outcome = Outcome.of(ours.send(call), Facts.place(call));
                    if (!fact.get().differs() && !outcome.equals(fact.get().outcome()))
                        wrong.add(call.name() + "\n    ours:     " + outcome + "\n    original: "
                                + fact.get().outcome());
                }));
        assertThat(wrong.stream().limit(TOLD))
                .as("%d of %d", wrong.size(), known.get())
                .isEmpty();
        assertThat(known.get()).as("calls with facts").isPositive();
    }
}
