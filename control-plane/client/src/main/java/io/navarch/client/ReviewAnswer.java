package io.navarch.client;

import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a service has answered to a review, and what is said when that is something else: the words are those of
/// Kubernetes' client.
///
/// @param status of HTTP
public record ReviewAnswer(int status, String contentType, byte[] body) {
    private static final int MOST_SHOWN = 2048;
    private static final Set<String> KNOWN = Set.of(
            "v1",
            "admission.k8s.io/v1",
            "admission.k8s.io/v1beta1",
            "authentication.k8s.io/v1",
            "authentication.k8s.io/v1beta1",
            "authorization.k8s.io/v1",
            "authorization.k8s.io/v1beta1");

    /// @throws ReviewFailedException when it is not the review
    public View review(String apiVersion, String kind) throws ReviewFailedException {
        accepted();
        if (body.length == 0)
            throw ReviewFailedException.useless(
                    "0-length response with status code: " + status + " and content type: " + contentType);
        var answer = View.of(tree());
        if (!answer.isMap())
            throw ReviewFailedException.useless(
                    "couldn't get version/kind; json parse error: json: cannot unmarshal " + GoText.kind(answer.value())
                            + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\";"
                            + " Kind string \"json:\\\"kind,omitempty\\\"\" }");
        var version = answer.get("apiVersion").stringOr(apiVersion);
        var answered = answer.get("kind").stringOr(kind);
        if (version.equals(apiVersion) && answered.equals(kind)) return answer;
        throw ReviewFailedException.useless(
                KNOWN.contains(version) && !version.equals(apiVersion)
                        ? "converting (" + typed(version, answered) + ") to (" + typed(apiVersion, kind)
                                + "): unknown conversion"
                        : "no kind \"" + answered + "\" is registered for version \"" + version + "\"");
    }

    /// Whatever it is, it says that all is well.
    ///
    /// @throws ReviewFailedException when it does not
    void accepted() throws ReviewFailedException {
        if (status / 100 != 2) throw refused();
    }

    private static String typed(String apiVersion, String kind) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1) + "." + kind;
    }

    private @Nullable Object tree() {
        try {
            return Json.parse(body);
        } catch (Json.MalformedException e) {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private ReviewFailedException refused() {
        boolean passing = status == 429 || status >= 500 && status != 503;
        var told = View.of(tree());
        boolean object = told.get("kind").string().equals("Status")
                && told.get("apiVersion").string().equals("v1");
        var message = object ? told.get("message").string() : words();
        return ReviewFailedException.answered(message, status, status == 504, passing);
    }

    private String words() {
        var shown = new String(body, 0, Math.min(body.length, MOST_SHOWN), StandardCharsets.UTF_8).strip();
        return switch (status) {
            case 400 -> "the server rejected our request for an unknown reason";
            case 401 -> "the server has asked for the client to provide credentials";
            case 403, 415 -> shown;
            case 404 -> "the server could not find the requested resource";
            case 405 -> "the server does not allow this method on the requested resource";
            case 406 ->
                shown.isEmpty()
                        ? "the server was unable to respond with a content type that the client supports"
                        : shown;
            case 409 -> "the server reported a conflict";
            case 422 -> "the server rejected our request due to an error in our request";
            case 429 -> "the server has received too many requests and has asked us to try again later";
            case 503 -> "the server is currently unable to handle the request";
            case 504 ->
                "the server was unable to return a response in the time allotted, but may still be processing the"
                        + " request";
            default ->
                status >= 500
                        ? "an error on the server (" + GoText.quoted(shown)
                                + ") has prevented the request from succeeding"
                        : "the server responded with the status code " + status
                                + " but did not return more information";
        };
    }
}
