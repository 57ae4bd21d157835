package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.client.Client;
import io.navarch.client.Kubeconfig;
import io.navarch.join.CertificatePin;
import io.navarch.join.JoinTokens;
import io.navarch.kinds.secret.BootstrapToken;
import io.navarch.objects.Timestamps;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `navarch token create|list|delete`: the tokens by which nodes join.
public final class TokenCommand {
    private static final List<Option> OPTIONS = List.of(
            AdminAccess.DATA,
            AdminAccess.KUBECONFIG,
            Option.value("ttl", "24h", "how long a new token lives (0: until it is deleted)"),
            Option.value("description", "", "what a new token is for"),
            Option.flag("print-join-command", "print the command by which a node joins"));

    public static final Usage USAGE = Usage.of(
            "token",
            "tokens by which nodes join",
            List.of(
                    Usage.line("token create [OPTIONS]", "makes one and prints it"),
                    Usage.line("token list", ""),
                    Usage.line("token delete TOKEN", "")),
            List.of(Usage.line("navarch token create --print-join-command", "what to type on the next machine")),
            OPTIONS);

    private TokenCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment);
        var words = options.positional();
        var command = words.isEmpty() ? "" : words.getFirst();
        var clock = InstantSource.system();
        switch (command) {
            case "create" -> {
                arguments(words, 1);
                var life = Durations.option(options, "ttl");
                AdminAccess.of(options, (client, access) -> create(tokens(client, clock), access, options, life));
            }
            case "list" -> {
                arguments(words, 1);
                AdminAccess.of(options, (client, access) -> list(tokens(client, clock), clock.instant()));
            }
            case "delete" -> {
                arguments(words, 2);
                AdminAccess.of(options, (client, access) -> delete(tokens(client, clock), words.get(1)));
            }
            default -> throw USAGE.wrong(words);
        }
        return 0;
    }

    private static void arguments(List<String> words, int count) {
        if (words.size() != count) throw new Options.UsageException("usage: navarch token create|list|delete TOKEN");
    }

    private static JoinTokens tokens(Client client, InstantSource clock) {
        return new JoinTokens(client, clock, new SecureRandom());
    }

    private static void create(JoinTokens tokens, Kubeconfig access, Options options, Duration life)
            throws IOException {
        var authority = access.authority()
                .orElseThrow(() -> new IOException("the kubeconfig does not say who vouches for the server"));
        var token = tokens.create(life, options.string("description"));
        System.out.println(
                options.flag("print-join-command")
                        ? "navarch agent --server " + access.server() + " --token " + token
                                + " --discovery-token-ca-cert-hash " + CertificatePin.of(authority)
                        : token.toString());
    }

    private static void list(JoinTokens tokens, Instant now) {
        var row = "%-24s %-11s %-21s %-25s %-30s %s%n";
        System.out.printf(row, "TOKEN", "TTL", "EXPIRES", "USAGES", "DESCRIPTION", "EXTRA GROUPS");
        for (var token : tokens.all())
            System.out.printf(
                    row,
                    token.id() + "." + token.value(),
                    left(token, now),
                    token.expires() ? Timestamps.seconds(token.expiration()) : "<never>",
                    token.usages().isEmpty() ? "<none>" : String.join(",", token.usages()),
                    token.description().isEmpty() ? "<none>" : printable(token.description()),
                    token.groups().isEmpty() ? "<none>" : printable(token.groups()));
    }

    /// Others may have written it: nothing of it is to move the cursor.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static String left(BootstrapToken token, Instant now) {
        if (!token.expires()) return "<forever>";
        return token.alive(now) ? Durations.rough(Duration.between(now, token.expiration())) : "<invalid>";
    }

    private static void delete(JoinTokens tokens, String text) {
        try {
            System.out.println("bootstrap token \"" + tokens.delete(text) + "\" deleted");
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("navarch token delete takes " + e.getMessage());
        }
    }
}
