package io.navarch.agent.credentials;

import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs a program for each question, which is on its input, and reads its answer from its output.
///
/// @param limit how long it may take
record ExecutedProvider(Path program, ProviderConfig config, Duration limit) implements ProviderProgram {
    private static final int LONGEST = 1 << 20;
    private static final Set<String> FIELDS = Set.of("kind", "apiVersion", "cacheKeyType", "cacheDuration", "auth");
    private static final String UNREADABLE = "error decoding credential provider plugin response from stdout";

    @Override
    public Answer ask(Request request) throws ProviderException {
        var question = Trees.map(
                "kind", "CredentialProviderRequest", "apiVersion", config.apiVersion(), "image", request.image());
        if (!request.token().isEmpty()) question.put("serviceAccountToken", request.token());
        if (!request.notes().isEmpty()) question.put("serviceAccountAnnotations", request.notes());
        return answer(run(Json.write(question), request.image()));
    }

    private byte[] run(byte[] question, String image) throws ProviderException {
        var what = "error execing credential provider plugin " + config.name() + " for image " + image + ": ";
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(config.arguments());
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(config.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new ProviderException(what + e.getMessage() + ": ");
        }
        try {
            var out = reader(process.getInputStream());
            var err = reader(process.getErrorStream());
            // What it has not read yet waits in the pipe, or beside it.
            Thread.ofVirtual().start(() -> write(process, question));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                throw new ProviderException(what + "context deadline exceeded: ");
            if (process.exitValue() != 0)
                throw new ProviderException(what + "exit status " + process.exitValue() + ": "
                        + new String(err.join(), StandardCharsets.UTF_8));
            return out.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException(what + "interrupted: ");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void write(Process process, byte[] question) {
        try (var in = process.getOutputStream()) {
            in.write(question);
        } catch (IOException e) {
            // It ended without reading it; its exit code says why.
            return;
        }
    }

    /// What is too long is no answer.
    private static CompletableFuture<byte[]> reader(InputStream stream) {
        var result = new CompletableFuture<byte[]>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                result.complete(stream.readNBytes(LONGEST));
            } catch (IOException e) {
                result.complete(new byte[0]);
            }
        });
        return result;
    }

    private Answer answer(byte[] written) throws ProviderException {
        View answer;
        try {
            answer = View.of(Json.parseMap(written));
        } catch (RuntimeException e) {
            // Its message may show a part of the answer.
            throw new ProviderException("error reading GVK from response: couldn't get version/kind; json parse error");
        }
        var version = answer.get("apiVersion").string();
        if (!version.equals(config.apiVersion()))
            throw new ProviderException("apiVersion from credential plugin response did not match expected apiVersion:"
                    + config.apiVersion() + ", actual apiVersion:" + version);
        if (!answer.get("kind").string().equals("CredentialProviderResponse")
                || !FIELDS.containsAll(answer.map().keySet())) throw new ProviderException(UNREADABLE);
        var logins = new HashMap<String, Login>();
        answer.get("auth").map().forEach((pattern, login) -> {
            var told = View.of(login);
            logins.put(
                    pattern,
                    new Login(
                            told.get("username").string(), told.get("password").string()));
        });
        return new Answer(scope(answer.get("cacheKeyType").string()), kept(answer.get("cacheDuration")), logins);
    }

    private static Scope scope(String text) throws ProviderException {
        return switch (text) {
            case "Image" -> Scope.IMAGE;
            case "Registry" -> Scope.REGISTRY;
            case "Global" -> Scope.GLOBAL;
            default ->
                throw new ProviderException("credential provider plugin did not return a valid cacheKeyType: " + text);
        };
    }

    private static Optional<Duration> kept(View text) throws ProviderException {
        if (!text.exists()) return Optional.empty();
        var duration = ProviderConfigText.parsed(text.string());
        if (duration == null) throw new ProviderException(UNREADABLE);
        return Optional.of(duration);
    }
}
