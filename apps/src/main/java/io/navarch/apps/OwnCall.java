package io.navarch.apps;

import io.navarch.http.ConnectFailedException;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A call of the process to itself, by its own socket, event loops and threads: as others call it. Any answer counts
/// unless it says that the server fails; whoever asks need not be permitted anything. So does a connection that is
/// closed at once: whoever refuses one of too many lives.
record OwnCall(HttpClient http, HttpClient.Target target, String path) implements Lookout.Check {
    private static final Logger LOG = LoggerFactory.getLogger(OwnCall.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FAILING = 500;

    /// Of a server on this machine; whose certificate it shows is all the same.
    static OwnCall secure(HttpClient http, String bindAddress, int port, String path) {
        boolean all = bindAddress.equals("0.0.0.0") || bindAddress.equals("::");
        var tls = Tls.client(new Tls.Trust.Anyone(), Optional.empty());
        return new OwnCall(http, HttpClient.Target.secure(all ? "127.0.0.1" : bindAddress, port, tls), path);
    }

    @Override
    public boolean answers() {
        try (var response = http.send(target, HttpClient.Request.of("GET", path, List.of()), PATIENCE)) {
            response.body().readAllBytes();
            return response.status() != FAILING;
        } catch (ConnectFailedException e) {
            LOG.debug("no connection: {}", e.getMessage());
            return false;
        } catch (IOException e) {
            LOG.debug("no answer: {}", e.getMessage());
            return !(e.getCause() instanceof TimeoutException);
        }
    }
}
