package io.navarch.apiserver.stages;

import io.navarch.apiserver.access.Forbidden;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.objects.GoText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What is answered when something fails before anything is known of how to answer: plain text, as the original has it.
final class InternalErrorText {
    private InternalErrorText() {}

    static void answer(ApiRequest request, String error) throws IOException {
        var uri = GoText.quoted(request.call().uri());
        var text = Forbidden.sanitized("Internal Server Error: " + uri + ": " + error) + "\n";
        request.response().sendBytes(500, ContentTypes.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
