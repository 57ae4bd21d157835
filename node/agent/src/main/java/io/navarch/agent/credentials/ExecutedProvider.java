package io.navarch.agent.credentials;

import io.navarch.agent.linux.ProcessGroup;
import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Runs a program for each question, which is on its input, and reads its answer from its output.
///
/// @param limit how long it may take
record ExecutedProvider(Path program, ProviderConfig config, Duration limit) implements ProviderProgram {
    private static final int LONGEST_SHOWN = 512;

    /// How long is waited for what it has written once it has ended: who has left its group may keep its output open.
    private static final Duration LEFT_OVER = Duration.ofSeconds(2);

    private static final String OWN_OPTIONS = "NAVARCH_";
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
        surround(builder.environment());
        ProcessGroup group;
        try {
            group = ProcessGroup.start(builder);
        } catch (IOException e) {
            throw new ProviderException(what + e.getMessage() + ": ");
        }
        var process = group.leader();
        try {
            var out = WrittenOutput.of(process.getInputStream());
            var err = WrittenOutput.of(process.getErrorStream());
            // What it has not read yet waits in the pipe, or beside it.
            Thread.ofVirtual().start(() -> write(process, question));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                throw new ProviderException(what + "context deadline exceeded: ");
            // Whoever it has left behind would keep its output open.
            group.end();
            if (process.exitValue() != 0)
                throw new ProviderException(what + "exit status " + process.exitValue() + ": "
                        + shown(new String(err.taken(LEFT_OVER), StandardCharsets.UTF_8)));
            return out.taken(LEFT_OVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException(what + "interrupted: ");
        } finally {
            group.end();
        }
    }

    /// Options of this process can be in its environment, tokens among them, which are nobody else's business.
    void surround(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith(OWN_OPTIONS));
        environment.putAll(config.environment());
    }

    private static void write(Process process, byte[] question) {
        try (var in = process.getOutputStream()) {
            in.write(question);
        } catch (IOException e) {
            // It ended without reading it; its exit code says why.
            return;
        }
    }

    /// The last line of what a program says, which tells why it failed, and no more: programs that show what they do
    /// show secrets, and this goes into logs.
    private static String shown(String said) {
        var text = said.strip();
        var line = text.substring(text.lastIndexOf('\n') + 1);
        var shown = new StringBuilder();
        for (char each :
                line.substring(0, Math.min(line.length(), LONGEST_SHOWN)).toCharArray()) {
            int type = Character.getType(each);
            boolean plain = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR;
            if (plain) shown.append(each);
            else shown.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
        }
        return line.length() > LONGEST_SHOWN ? shown + "..." : shown.toString();
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
                    + config.apiVersion() + ", actual apiVersion:" + shown(version));
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
                throw new ProviderException(
                        "credential provider plugin did not return a valid cacheKeyType: " + shown(text));
        };
    }

    private static Optional<Duration> kept(View text) throws ProviderException {
        if (!text.exists()) return Optional.empty();
        var duration = ProviderConfigText.parsed(text.string());
        if (duration == null) throw new ProviderException(UNREADABLE);
        return Optional.of(duration);
    }
}
