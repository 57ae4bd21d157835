package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.encryption.KeyFile;
import io.navarch.encryption.RestStatus;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `navarch encryption status` says whether all values are encrypted as configured; `navarch encryption rotate`
/// exchanges the keys: a new one writes, everything is written anew by the running server, the old ones go.
public final class EncryptionCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 200;

    private static final List<Option> OPTIONS = List.of(
            AdminAccess.DATA,
            Option.value("encryption-provider-config", "", "the configuration (default: the cluster's own)"));

    public static final Usage USAGE = Usage.of(
            "encryption",
            "how values are encrypted that are stored",
            List.of(
                    Usage.line("encryption status", "whether all values are as the configuration says"),
                    Usage.line("encryption rotate", "a new key, and everything written anew; without a pause")),
            List.of(),
            OPTIONS);

    private final KeyFile keys;
    private final Path status;
    private final InstantSource clock;

    private EncryptionCommand(Path keys, Path status, InstantSource clock) {
        this.keys = new KeyFile(keys);
        this.status = status;
        this.clock = clock;
    }

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        var options = Options.parse(OPTIONS, arguments, environment);
        var data = Path.of(options.string("data-dir")).toAbsolutePath();
        var named = options.string("encryption-provider-config");
        var command = new EncryptionCommand(
                named.isEmpty() ? data.resolve("encryption.yaml") : Path.of(named),
                data.resolve("encryption-status.json"),
                InstantSource.system());
        if (!Files.exists(command.keys.path())) throw new IOException(command.keys.path() + " does not exist");
        return switch (String.join(" ", options.positional())) {
            case "status" -> command.status();
            case "rotate" -> command.rotate();
            default -> throw USAGE.wrong(options.positional());
        };
    }

    private int status() throws IOException {
        var known = RestStatus.read(status);
        boolean taken = known.configuration().equals(keys.digest());
        if (!taken) {
            System.out.println("the server has not taken " + keys.path() + " as it is now");
            return 1;
        }
        System.out.println(
                switch (known.state()) {
                    case CURRENT -> "all values are encrypted as " + keys.path() + " says: " + known.message();
                    case REWRITING -> "values are being written anew";
                    case FAILED -> keys.path() + " is not used: " + known.message();
                });
        return known.state() == RestStatus.State.CURRENT ? 0 : 1;
    }

    private int rotate() throws IOException, InterruptedException {
        await(keys.addKeys(new SecureRandom()), "the old keys stay in the file");
        await(keys.dropOldKeys(), "the server still has the old keys");
        System.out.println("all values are encrypted with a new key; the old ones are gone from " + keys.path());
        return 0;
    }

    /// @param otherwise what holds when the server does not follow
    private void await(String digest, String otherwise) throws IOException, InterruptedException {
        var end = clock.instant().plus(PATIENCE);
        while (true) {
            var known = RestStatus.read(status);
            boolean own = known.configuration().equals(digest);
            if (own && known.state() == RestStatus.State.CURRENT) return;
            if (own && known.state() == RestStatus.State.FAILED)
                throw new IOException("the server does not use " + keys.path() + ": " + known.message());
            if (end.isBefore(clock.instant()))
                throw new IOException("the server has not written everything anew within " + PATIENCE.toMinutes()
                        + " minutes, or does not run; " + otherwise + ", try again when it runs");
            TaskScope.pause(LOOK_MILLIS);
        }
    }
}
