package io.navarch.process.pages;

import io.navarch.objects.GoText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongConsumer;

/// `/debug/flags/v`, by which more or less is logged while the process runs. Profiles of Go's kind (`/debug/pprof`)
/// there are none: a JVM is asked with its own tools.
final class DebugPages {
    private static final String FLAGS = "/debug/flags";
    private static final String VERBOSITY = FLAGS + "/v";
    private static final int LONGEST = 64;
    private static final long MOST = (1L << 32) - 1;

    private final LongConsumer verbosity;

    /// @param verbosity hears how much is to be logged, as klog counts it
    DebugPages(LongConsumer verbosity) {
        this.verbosity = verbosity;
    }

    Optional<Page> find(Page.Request request) {
        var path = request.path();
        if (path.equals(VERBOSITY)) return Optional.of(verbosity(request).unsniffed());
        return path.equals(FLAGS) || path.equals(FLAGS + "/")
                ? Optional.of(Page.text(200, VERBOSITY + "\n"))
                : Optional.empty();
    }

    private Page verbosity(Page.Request request) {
        if (!request.method().equals("PUT")) return Page.text(406, "unsupported http method\n");
        String sent;
        try {
            sent = new String(request.body().read(LONGEST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return Page.text(400, "error reading request body: " + e.getMessage() + "\n");
        }
        var wrong = "strconv.ParseUint: parsing " + GoText.quoted(sent) + ": ";
        if (!sent.matches("[0-9]+")) return Page.text(400, wrong + "invalid syntax\n");
        long value = sent.length() > 10 ? Long.MAX_VALUE : Long.parseLong(sent);
        if (value > MOST) return Page.text(400, wrong + "value out of range\n");
        verbosity.accept(value);
        return Page.text(200, "successfully set klog.logging.verbosity to " + sent + "\n");
    }
}
