package io.navarch.apiserver.timing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whoever follows calls through the systems that they pass.
public interface CallTracing {
    /// Follows none.
    CallTracing OFF = arrival -> Optional.empty();

    /// What comes with a call.
    ///
    /// @param parent the header `traceparent`, `""`: there is none
    /// @param state the header `tracestate`
    /// @param trusted whether the caller may say that it is to be followed
    record Arrival(String parent, String state, boolean trusted) {}

    /// A call that is over.
    ///
    /// @param since when it came, in nanoseconds of the clock that parts are measured with
    /// @param attributes texts and numbers
    /// @param failed whether that was the server's fault
    record Ended(
            String name,
            long since,
            long until,
            Map<String, Object> attributes,
            boolean failed,
            List<CallTimes.Interval> parts) {}

    /// A call that is followed.
    interface Traced {
        void end(Ended call);
    }

    /// @return empty when it is not followed
    Optional<Traced> begin(Arrival arrival);
}
