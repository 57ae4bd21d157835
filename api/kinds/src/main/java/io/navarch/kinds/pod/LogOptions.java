package io.navarch.kinds.pod;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.GoText;
import io.navarch.objects.Timestamps;
import io.navarch.schema.subresource.Connector;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a call for a container's log asks for. It is read here, once: the node's agent is told what was understood, and
/// not what was sent.
final class LogOptions {
    private static final List<String> FLAGS = List.of("follow", "previous", "timestamps");
    private static final String SINCE_SECONDS = "sinceSeconds";
    private static final String SINCE_TIME = "sinceTime";

    private final Connector.Request request;
    private final List<String> parameters = new ArrayList<>();
    private final List<FieldError> errors = new ArrayList<>();

    private LogOptions(Connector.Request request) {
        this.request = request;
    }

    /// The parameters for the agent.
    ///
    /// @throws ApiException 400 for numbers and times that are none, 422 for those that ask for nothing there is
    static List<String> parameters(Connector.Request request) {
        return new LogOptions(request).read();
    }

    private List<String> read() {
        for (var flag : FLAGS) if (set(flag)) parameters.add(flag + "=true");
        var seconds = number(SINCE_SECONDS);
        boolean time = time();
        number("tailLines", 0, "must be greater than or equal to 0");
        number("limitBytes", 1, "must be greater than 0");
        if (seconds.isPresent() && time)
            errors.add(FieldError.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        else if (seconds.isPresent() && seconds.getAsLong() < 1)
            errors.add(FieldError.invalid(SINCE_SECONDS, seconds.getAsLong(), "must be greater than 0"));
        if (!request.all("stream").isEmpty()) errors.add(FieldError.forbidden("stream", "may not be specified"));
        if (!errors.isEmpty()) throw ApiException.invalid("", "PodLogOptions", request.name(), errors);
        return parameters;
    }

    /// Whatever is not said to be off is on.
    private boolean set(String name) {
        var values = request.all(name);
        return !values.isEmpty()
                && !values.getFirst().equals("0")
                && !values.getFirst().equalsIgnoreCase("false");
    }

    private void number(String name, long least, String otherwise) {
        var number = number(name);
        if (number.isPresent() && number.getAsLong() < least)
            errors.add(FieldError.invalid(name, number.getAsLong(), otherwise));
    }

    private OptionalLong number(String name) {
        var values = request.all(name);
        if (values.isEmpty()) return OptionalLong.empty();
        var text = values.getFirst();
        try {
            long number = Long.parseLong(text);
            parameters.add(name + "=" + number);
            return OptionalLong.of(number);
        } catch (NumberFormatException e) {
            boolean large = text.matches("[+-]?[0-9]+");
            throw ApiException.badRequest("strconv.ParseInt: parsing " + GoText.quoted(text) + ": "
                    + (large ? "value out of range" : "invalid syntax"));
        }
    }

    private boolean time() {
        var text = request.query(SINCE_TIME);
        if (text.isEmpty() || text.equals("null")) return false;
        var time = Timestamps.parse(text)
                .orElseThrow(() -> ApiException.badRequest("parsing time " + GoText.quoted(text)
                        + " as \"2006-01-02T15:04:05Z07:00\": cannot parse " + GoText.quoted(text) + " as \"2006\""));
        parameters.add(SINCE_TIME + "=" + time);
        return true;
    }
}
