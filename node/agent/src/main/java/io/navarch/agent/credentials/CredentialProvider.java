package io.navarch.agent.credentials;

import io.navarch.agent.act.RegistryLogins.Known;
import io.navarch.agent.credentials.ProviderConfig.Tokens;
import io.navarch.agent.credentials.ProviderProgram.Answer;
import io.navarch.agent.credentials.ProviderProgram.Request;
import io.navarch.agent.credentials.ProviderProgram.Scope;
import io.navarch.agent.decide.PullCredentials;
import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.model.Pod;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// One program that knows logins: what it is asked, and what of its answers still counts.
final class CredentialProvider {
    private static final String EVERY_IMAGE = "<global>";

    private final ProviderConfig config;
    private final ProviderProgram program;
    private final KeptTokens accounts;
    private final InstantSource clock;

    /// @param token of which it counts alone, `""` for any
    private record Account(ObjectKey key, String uid, Map<String, String> notes, String token) {}

    private record Place(String of, Optional<Account> account) {}

    private final KeptForAWhile<Place, Map<String, Login>> answers = new KeptForAWhile<>();
    /// Who is asked the same at the same time is asked once.
    private final Map<Request, FutureTask<Answer>> asked = new ConcurrentHashMap<>();

    CredentialProvider(ProviderConfig config, ProviderProgram program, KeptTokens accounts, InstantSource clock) {
        this.config = config;
        this.program = program;
        this.accounts = accounts;
        this.clock = clock;
    }

    String name() {
        return config.name();
    }

    /// @param image with its registry, without tag and digest
    List<Known> logins(Pod pod, String image) throws ProviderException, InterruptedException {
        if (!PullCredentials.anyMatches(config.images(), image)) return List.of();
        var tokens = config.tokens();
        if (tokens.isEmpty()) return logins(image, Optional.empty(), "");
        var name = pod.spec().serviceAccountName();
        if (name.isEmpty()) return tokens.get().required() ? List.of() : logins(image, Optional.empty(), "");
        var key = new ObjectKey(pod.namespace(), name);
        var found = accounts.find(key);
        if (!found.exists())
            throw new ProviderException("failed to get service account: serviceaccounts \"" + name + "\" not found");
        var notes = notes(found, tokens.get());
        // It is for those only that say so.
        if (notes.isEmpty()) return List.of();
        var token = accounts.token(pod, found, tokens.get().audience());
        var account = new Account(key, found.uid(), notes.get(), tokens.get().keptByToken() ? token : "");
        return logins(image, Optional.of(account), token);
    }

    /// What it is told of an account, empty when something is missing.
    private static Optional<Map<String, String>> notes(ServiceAccount account, Tokens tokens) {
        var all = account.metadata().annotations();
        var notes = new TreeMap<String, String>();
        for (var key : tokens.requiredNotes()) {
            var note = all.get(key);
            if (note == null) return Optional.empty();
            notes.put(key, note);
        }
        for (var key : tokens.optionalNotes()) {
            var note = all.get(key);
            if (note != null) notes.put(key, note);
        }
        return Optional.of(notes);
    }

    private List<Known> logins(String image, Optional<Account> account, String token)
            throws ProviderException, InterruptedException {
        var now = clock.instant();
        for (var of : List.of(image, registry(image), EVERY_IMAGE)) {
            var kept = answers.at(new Place(of, account), now);
            if (kept.isPresent()) return known(kept.get(), image, account);
        }
        var request = new Request(image, token, account.map(Account::notes).orElse(Map.of()));
        var answer = ask(request);
        boolean echoed = answer.logins().values().stream()
                .anyMatch(login -> login.password().equals(token));
        if (!token.isEmpty()
                && echoed
                && account.filter(each -> each.token.isEmpty()).isPresent())
            throw new ProviderException("credential provider plugin returned the service account token as the password"
                    + " which is not allowed when service account cache type is not set to 'Token'");
        keep(answer, image, account, now);
        return known(answer.logins(), image, account);
    }

    private static List<Known> known(Map<String, Login> logins, String image, Optional<Account> account) {
        return PullCredentials.of(image, logins).stream()
                .map(login -> new Known(login, account.isPresent()))
                .toList();
    }

    private static String registry(String image) {
        return image.substring(0, Math.max(0, image.indexOf('/')));
    }

    private void keep(Answer answer, String image, Optional<Account> account, Instant now) {
        var time = answer.kept().orElse(config.kept());
        if (time.compareTo(Duration.ZERO) <= 0) return;
        var of = answer.scope() == Scope.IMAGE
                ? image
                : answer.scope() == Scope.REGISTRY ? registry(image) : EVERY_IMAGE;
        answers.put(new Place(of, account), new HashMap<>(answer.logins()), now, now.plus(time));
    }

    private Answer ask(Request request) throws ProviderException, InterruptedException {
        var mine = new FutureTask<>(() -> program.ask(request));
        var other = asked.putIfAbsent(request, mine);
        if (other == null) {
            try {
                mine.run();
            } finally {
                asked.remove(request, mine);
            }
        }
        try {
            return (other == null ? mine : other).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderException failure)
                throw new ProviderException(
                        "failed to get credential from external registry credential provider: " + failure.getMessage());
            throw new IllegalStateException(e.getCause());
        }
    }
}
