package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.cli.KubeconfigFile;
import io.navarch.client.Client;
import io.navarch.client.Kubeconfig;
import io.navarch.join.CertificateOrder;
import io.navarch.join.NewUser;
import io.navarch.objects.Yaml;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `navarch user create NAME`: a kubeconfig for somebody else. What they may do is for roles to say.
public final class UserCommand {
    private static final List<Option> OPTIONS = List.of(
            AdminAccess.DATA,
            AdminAccess.KUBECONFIG,
            Option.list("group", "that the user is in"),
            Option.value("ttl", "8760h", "how long the certificate lives (at least 10m)"),
            Option.value("out", "", "where the kubeconfig goes (default: it is printed)"));

    public static final Usage USAGE = Usage.of(
            "user",
            "kubeconfigs for further users",
            List.of(Usage.line("user create NAME [OPTIONS]", "what the user may do is for roles to say")),
            List.of(Usage.line("navarch user create alice --group dev --out alice.kubeconfig", "")),
            OPTIONS);

    private UserCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment);
        var words = options.positional();
        if (words.size() != 2 || !words.getFirst().equals("create")) throw USAGE.wrong(words);
        var user = user(words.get(1), options.strings("group"), Durations.option(options, "ttl"));
        var out = options.string("out");
        // Said before anything is signed: a certificate cannot be taken back.
        if (!out.isEmpty() && Files.exists(Path.of(out))) throw new IOException(out + " exists already");
        AdminAccess.of(options, (client, access) -> create(client, access, user, out));
        return 0;
    }

    private static NewUser user(String name, List<String> groups, Duration life) {
        try {
            return new NewUser(name, groups, life);
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static void create(Client client, Kubeconfig access, NewUser user, String out)
            throws IOException, InterruptedException {
        var authority = access.authority()
                .orElseThrow(() -> new IOException("the kubeconfig does not say who vouches for the server"));
        var order = new CertificateOrder(client, InstantSource.system());
        var pair = user.create(client, order, new SecureRandom());
        var config = KubeconfigFile.admin(access.server().toString(), authority, pair.certificate(), pair.key());
        if (out.isEmpty()) {
            System.out.print(Yaml.write(config));
            return;
        }
        KubeconfigFile.write(Path.of(out), config);
        System.out.println("kubeconfig of " + user.name() + " written to " + out);
    }
}
