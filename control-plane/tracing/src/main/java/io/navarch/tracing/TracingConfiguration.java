package io.navarch.tracing;

import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationFields;
import io.navarch.process.ConfigurationReader;
import java.util.List;

/// Whom is told of calls, and of how many.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/system-traces/
///
/// @param endpoint of a collector, as gRPC names it
/// @param perMillion of the calls that nobody else follows
public record TracingConfiguration(String endpoint, int perMillion) {
    private static final String USUAL = "localhost:4317";
    private static final String ENDPOINT = "endpoint";
    private static final String RATE = "samplingRatePerMillion";
    private static final int MOST = 1_000_000;
    private static final List<String> SCHEMES = List.of("dns", "unix", "unix-abstract");
    private static final ConfigurationFields FIELDS =
            ConfigurationFields.texts("apiVersion", "kind", ENDPOINT).numbers(RATE);

    /// @throws ConfigurationException naming all that is wrong
    public static TracingConfiguration read(String text) {
        var reader = new ConfigurationReader();
        var file = reader.read(text, "TracingConfiguration", List.of("v1", "v1beta1", "v1alpha1"), FIELDS);
        long rate = file.get(RATE).longOr(0);
        if (rate < 0) reader.wrong(FieldError.invalid(RATE, rate, "sampling rate must be positive"));
        if (rate > MOST)
            reader.wrong(FieldError.invalid(
                    RATE, rate, "sampling rate per million must be less than or equal to one million"));
        var endpoint = endpoint(file, reader);
        reader.check();
        return new TracingConfiguration(endpoint, (int) rate);
    }

    private static String endpoint(View file, ConfigurationReader reader) {
        var endpoint = file.get(ENDPOINT).stringOr(USUAL);
        int scheme = endpoint.indexOf("://");
        if (scheme >= 0 && !SCHEMES.contains(endpoint.substring(0, scheme)))
            reader.wrong(FieldError.invalid(
                    ENDPOINT,
                    endpoint,
                    "unsupported scheme: " + endpoint.substring(0, scheme)
                            + ".  Options are none, dns, unix, or unix-abstract."
                            + "  See https://github.com/grpc/grpc/blob/master/doc/naming.md"));
        return endpoint;
    }
}
