package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.pki.CertificateEntry;
import io.navarch.pki.Pki;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `navarch certs …`: shows the cluster's certificates, and exchanges them and the keys they rest on. A running server
/// follows within seconds; nothing has to be started anew.
public final class CertificatesCommand {
    private static final String REPLACE_LOST = "replace-lost";

    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA);

    public static final Usage USAGE = Usage.of(
            "certs",
            "the cluster's certificates and keys: how long they live, and exchanging them",
            List.of(
                    Usage.line("certs status", "what there is, and until when"),
                    Usage.line("certs renew", "all certificates, by the authority that there is"),
                    Usage.line("certs rotate-ca", "a new authority signs; the old one is trusted beside it"),
                    Usage.line("certs retire-ca", "old authorities are trusted no more"),
                    Usage.line("certs rotate-service-account-key", "a new key signs tokens; old tokens stay valid"),
                    Usage.line("certs retire-service-account-keys", "tokens that old keys have signed are void"),
                    Usage.line("certs replace-lost", "makes what is gone, with the consequences that it names")),
            List.of(),
            OPTIONS);

    private final Pki pki;
    private final InstantSource clock;
    private final PrintStream out;

    CertificatesCommand(Pki pki, InstantSource clock, PrintStream out) {
        this.pki = pki;
        this.clock = clock;
        this.out = out;
    }

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        var options = Options.parse(OPTIONS, arguments, environment);
        var directory = Path.of(options.string("data-dir")).toAbsolutePath().resolve("pki");
        var action = String.join(" ", options.positional());
        // Whoever opens it makes an authority where there is none.
        if (!action.equals(REPLACE_LOST) && !Files.exists(directory))
            throw new IOException(directory + " does not exist");
        boolean fresh = !Files.exists(directory);
        var clock = InstantSource.system();
        var command = new CertificatesCommand(new Pki(directory, clock), clock, System.out);
        if (fresh) System.out.println("a new authority signs, which no client and no node knows yet");
        command.run(action);
        return 0;
    }

    void run(String action) throws IOException {
        switch (action) {
            case "status" -> status();
            case "renew" -> renew();
            case "rotate-ca" -> {
                var renewed = pki.exchangeAuthority();
                out.println("a new authority signs; renewed: " + String.join(", ", renewed));
                out.println("the old one is trusted until `navarch certs retire-ca`; before that, give clients on other"
                        + " machines the new kubeconfig, and let nodes renew their certificates");
            }
            case "retire-ca" -> out.println("authorities not trusted any more: " + pki.retireAuthorities());
            case "rotate-service-account-key" -> {
                pki.exchangeServiceAccountKey();
                out.println("a new key signs tokens; those of the old ones are valid until"
                        + " `navarch certs retire-service-account-keys`");
            }
            case REPLACE_LOST ->
                out.println(
                        pki.replaceLostServiceAccountKey()
                                ? "a new key signs tokens of service accounts; all of before are void: start pods anew"
                                : "no key of tokens is missing");
            case "retire-service-account-keys" ->
                out.println("keys not valid any more: " + pki.retireServiceAccountKeys());
            default -> throw USAGE.wrong(List.of(action.split(" ")));
        }
    }

    private void renew() throws IOException {
        var renewed = new ArrayList<>(pki.renew());
        if (pki.hasFrontProxy()) renewed.addAll(pki.frontProxy().renew());
        out.println("renewed: " + String.join(", ", renewed));
    }

    private void status() throws IOException {
        var now = clock.instant();
        var entries = new ArrayList<>(pki.entries());
        if (pki.hasFrontProxy()) entries.addAll(pki.frontProxy().entries());
        print(entries, false, now);
        out.println();
        print(entries, true, now);
    }

    private void print(List<CertificateEntry> entries, boolean authorities, Instant now) {
        out.printf(
                "%-26s %-22s %-14s %s%n",
                authorities ? "AUTHORITY" : "CERTIFICATE", "EXPIRES", "RESIDUAL TIME", "SIGNED BY");
        for (var entry : entries) {
            if (entry.authority() != authorities) continue;
            var until = entry.until().truncatedTo(ChronoUnit.SECONDS);
            out.printf("%-26s %-22s %-14s %s%n", entry.name(), until, residual(now, until), entry.signer());
        }
    }

    private static String residual(Instant now, Instant until) {
        var left = Duration.between(now, until);
        if (left.isNegative()) return "expired";
        return left.toDays() > 0 ? left.toDays() + "d" : left.toHours() + "h";
    }
}
