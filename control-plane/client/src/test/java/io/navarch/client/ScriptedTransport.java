package io.navarch.client;

import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A server whose watches say what a test makes them say, and that writes down what it is asked.
final class ScriptedTransport implements Transport {
    /// A call that is no watch; `body` is absent without one.
    record Sent(String method, String uri, View body) {}

    private sealed interface Step {
        record Tell(Events.Event event) implements Step {}

        record End() implements Step {}
    }

    final BlockingQueue<String> watches = new LinkedBlockingQueue<>();
    final BlockingQueue<Sent> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private volatile Optional<ApiException> refusal = Optional.empty();
    private volatile Optional<ApiException> standing = Optional.empty();
    /// What a call is answered with.
    private final Function<Sent, View> answers;

    ScriptedTransport(Function<Sent, View> answers) {
        this.answers = answers;
    }

    void tell(String type, String json) {
        steps.add(new Step.Tell(new Events.Event(type, Encoded.of(json.getBytes(StandardCharsets.UTF_8)))));
    }

    void endWatch() {
        steps.add(new Step.End());
    }

    /// The next call is refused.
    void refuse(ApiException error) {
        refusal = Optional.of(error);
    }

    /// All calls are refused from now on; `null`: none are any more.
    void refuseAll(@Nullable ApiException error) {
        standing = Optional.ofNullable(error);
    }

    @Override
    public Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
        var sent = new Sent(method, uri, body == null ? View.ABSENT : View.of(Json.parse(body)));
        // Before the test can see the call: what it refuses then is the next one.
        var refused = refusal;
        refusal = Optional.empty();
        if (refused.isEmpty()) refused = standing;
        calls.add(sent);
        var answer = refused.map(error -> View.of(error.status())).orElseGet(() -> answers.apply(sent));
        int status = refused.map(error -> error.code()).orElse(200);
        return new Response(status, new ByteArrayInputStream(Json.write(answer.map())), () -> {});
    }

    @Override
    public Events watch(String uri) {
        watches.add(uri);
        return new Events() {
            @Override
            public Optional<Event> next() throws IOException {
                try {
                    return steps.take() instanceof Step.Tell(var event) ? Optional.of(event) : Optional.empty();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }

            @Override
            public void close() {}
        };
    }
}
