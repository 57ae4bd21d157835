package io.navarch.apiserver.custom;

import io.navarch.apiserver.custom.ConversionMetrics.Failure;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.ObjectConverter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/// Has a webhook convert the objects of a kind, many with one call, and checks what it answers.
///
/// Source:
/// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion
final class WebhookConverter implements ObjectConverter {
    /// What one call carries at most: enough that a long list takes few, and each of them well within its time.
    private static final int MOST_OBJECTS = 500;

    private static final long MOST_BYTES = 1 << 20;

    /// Of one call.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final String GROUP = "apiextensions.k8s.io/";
    private static final String KIND = "ConversionReview";
    /// In which form webhooks can be asked.
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");

    private final String definition;
    private final View config;
    private final String review;
    private final ConversionCalls calls;
    private final ConversionMetrics metrics;
    private final LongSupplier nanoTime;

    /// @param definition its name
    /// @param webhook what it says of the webhook
    WebhookConverter(
            String definition, View webhook, ConversionCalls calls, ConversionMetrics metrics, LongSupplier nanoTime) {
        this.definition = definition;
        this.calls = calls;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        config = webhook.get("clientConfig");
        review = webhook.get("conversionReviewVersions").strings().stream()
                .filter(REVIEWS::contains)
                .findFirst()
                .orElse("");
    }

    @Override
    public List<Map<String, Object>> convert(List<Map<String, Object>> objects, String apiVersion, Duration within) {
        long deadline = nanoTime.getAsLong() + within.toNanos();
        var result = new ArrayList<>(objects);
        var batch = new ArrayList<Integer>();
        long bytes = 0;
        for (int i = 0; i < objects.size(); i++) {
            if (version(objects.get(i)).equals(apiVersion)) continue;
            long length = Json.write(objects.get(i)).length;
            if (batch.size() == MOST_OBJECTS || !batch.isEmpty() && bytes + length > MOST_BYTES) {
                convert(result, batch, apiVersion, deadline);
                batch.clear();
                bytes = 0;
            }
            batch.add(i);
            bytes += length;
        }
        if (!batch.isEmpty()) convert(result, batch, apiVersion, deadline);
        return result;
    }

    private static String version(Map<String, Object> object) {
        return View.of(object).get(AnyObject.API_VERSION).string();
    }

    /// Replaces some objects with what the webhook makes of them.
    private void convert(List<Map<String, Object>> objects, List<Integer> batch, String apiVersion, long deadline) {
        var sent = batch.stream().map(objects::get).toList();
        long began = nanoTime.getAsLong();
        var from = version(sent.getFirst());
        try {
            var answered = ask(sent, apiVersion, deadline);
            for (int i = 0; i < batch.size(); i++) objects.set(batch.get(i), answered.get(i));
            metrics.succeeded(definition, name(from), name(apiVersion), since(began));
        } catch (ConversionFailedException e) {
            metrics.failed(definition, name(from), name(apiVersion), since(began), e.why());
            if (nanoTime.getAsLong() >= deadline) throw ApiException.late();
            var kind = View.of(sent.getFirst()).get(AnyObject.KIND).string();
            throw new ApiException(
                    ApiException.Reason.UNKNOWN,
                    "conversion webhook for " + from + ", Kind=" + kind + " " + e.getMessage());
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(nanoTime.getAsLong() - began);
    }

    private static String name(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    private List<Map<String, Object>> ask(List<Map<String, Object>> sent, String apiVersion, long deadline)
            throws ConversionFailedException {
        var uid = UUID.randomUUID().toString();
        var answer = answer(
                Trees.map(
                        "kind",
                        KIND,
                        "apiVersion",
                        GROUP + review,
                        "request",
                        Trees.map("uid", uid, "desiredAPIVersion", apiVersion, "objects", sent)),
                Duration.ofNanos(deadline - nanoTime.getAsLong()));
        var converted = ConvertedObjects.listed(answer, GROUP + review, uid);
        if (converted.size() != sent.size())
            throw new ConversionFailedException(
                    Failure.PARTIAL, "returned " + converted.size() + " objects, expected " + sent.size());
        var result = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < sent.size(); i++)
            result.add(ConvertedObjects.checked(
                    sent.get(i), converted.get(i), apiVersion, sent.size() == 1 ? "" : "converted ", i));
        return result;
    }

    private View answer(Map<String, Object> asked, Duration left) throws ConversionFailedException {
        if (review.isEmpty())
            throw new ConversionFailedException(Failure.CALL, "failed: no supported conversion review versions");
        if (!left.isPositive()) throw new ConversionFailedException(Failure.CALL, "failed: context deadline exceeded");
        try {
            return calls.ask(config, asked, left.compareTo(LONGEST) < 0 ? left : LONGEST);
        } catch (IOException e) {
            throw new ConversionFailedException(Failure.CALL, "failed: " + e.getMessage());
        }
    }
}
