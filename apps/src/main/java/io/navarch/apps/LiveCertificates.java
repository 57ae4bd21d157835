package io.navarch.apps;

import io.navarch.http.Tls;
import io.navarch.pki.Pki;
import io.navarch.pki.ServiceAccountKeys;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates and keys in use, looked at again from time to time: what is renewed, by time, by a command, or
/// because names have changed, is used by every connection from then on. Connections that are open stay.
public final class LiveCertificates {
    /// How often they are looked at: how long a command waits until the server follows.
    private static final long LOOK_MILLIS = 5000;

    private static final Logger LOG = LoggerFactory.getLogger(LiveCertificates.class);

    private final Pki pki;
    private final ReentrantLock looking = new ReentrantLock();
    private final List<Looked> all = new CopyOnWriteArrayList<>();
    private final List<Future<?>> beside = new CopyOnWriteArrayList<>();

    public LiveCertificates(Pki pki) {
        this.pki = pki;
    }

    /// Where something that may change is read.
    interface Source<S> {
        S read() throws IOException;
    }

    /// What is looked at from time to time.
    private interface Looked {
        void look() throws IOException;

        /// Waits for what was begun beside.
        default void finish() throws InterruptedException {}
    }

    /// Makes what is used of what was read.
    interface Use<S, T> {
        T of(S read) throws IOException;
    }

    Pki pki() {
        return pki;
    }

    /// A server's side of TLS, which asks clients for certificates of the cluster.
    Supplier<SslContext> server(Source<Pki.Pair> wanted) throws IOException {
        return keep(certified(wanted), read -> Tls.server(read.pair.certificate(), read.pair.key(), read.authority));
    }

    /// The API server's side of TLS, which asks clients for certificates and lets the calls decide whether to believe
    /// them.
    ///
    /// @param further authorities of client certificates besides the cluster's
    Supplier<SslContext> asking(Source<Pki.Pair> wanted, Source<String> further) throws IOException {
        record Read(Certified own, String further) {}
        var certified = certified(wanted);
        return keep(
                () -> new Read(certified.read(), further.read()),
                read -> Tls.asking(
                        read.own.pair.certificate(), read.own.pair.key(), read.own.authority + read.further));
    }

    /// A client's side of TLS, which takes servers of the cluster. It is made when it is first used: no start has to
    /// wait for it.
    Supplier<SslContext> client(Source<Pki.Pair> wanted) throws IOException {
        return added(new Live<>(
                certified(wanted),
                read -> Tls.client(read.authority, read.pair.certificate(), read.pair.key()),
                false));
    }

    /// What the ingress shows where no Ingress says otherwise.
    Supplier<SslContext> shown() throws IOException {
        return keep(
                () -> pki.server("ingress", "ingress.local", List.of("ingress.local")),
                pair -> Tls.server(pair.certificate(), pair.key()));
    }

    Supplier<String> authority() throws IOException {
        return keep(pki::authorityPem, pem -> pem);
    }

    /// The first ones take as long as half a start and nobody needs them before the first token: they are made when all
    /// else is there that was begun, and whoever comes before that waits for them.
    <T> Supplier<T> serviceAccountKeys(Use<ServiceAccountKeys, T> use, Executor executor) throws IOException {
        Source<ServiceAccountKeys> source = pki::serviceAccountKeys;
        return pki.hasServiceAccountKeys() ? keep(source, use) : keepLater(source, use, executor);
    }

    /// A certificate, and who vouches for those of others.
    record Certified(Pki.Pair pair, String authority) {}

    Source<Certified> certified(Source<Pki.Pair> wanted) {
        return () -> new Certified(wanted.read(), pki.authorityPem());
    }

    /// What is made of something, made anew whenever that has changed.
    <S, T> Supplier<T> keep(Source<S> source, Use<S, T> use) throws IOException {
        return added(new Live<>(source, use, true));
    }

    private <L extends Looked> L added(L live) {
        all.add(live);
        return live;
    }

    private <S, T> Supplier<T> keepLater(Source<S> source, Use<S, T> use, Executor executor) {
        var later = added(new Later<>(() -> {
            for (var each : beside) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    LOG.debug("whoever waits for it says why it is not there", e);
                }
            }
            return new Live<>(source, use, true);
        }));
        executor.execute(later.task);
        return later;
    }

    /// As [#keep], while the caller does other things; [#settled] waits for it.
    <S, T> void keepBeside(Source<S> source, Use<S, T> use, Executor executor) {
        var task = new FutureTask<Supplier<T>>(() -> keep(source, use));
        beside.add(task);
        executor.execute(task);
    }

    /// Waits until everything is there that was begun.
    void settled() throws IOException {
        try {
            for (var each : beside) each.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Waits until nothing is being made any more, whatever becomes of it: who closes leaves nobody behind that writes.
    void finish() {
        try {
            for (var each : all) each.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void start(TaskScope scope) {
        scope.every("certificates", LOOK_MILLIS, this::look);
    }

    /// Follows what has changed. What fails is tried again with the next look, and keeps nothing else back.
    public void look() throws IOException {
        looking.lock();
        try {
            pki.refresh();
            for (var each : all) {
                try {
                    each.look();
                } catch (IOException | RuntimeException e) {
                    LOG.warn("a certificate was not renewed: {}", e.getMessage());
                }
            }
        } finally {
            looking.unlock();
        }
    }

    private static final class Live<S, T> implements Supplier<T>, Looked {
        private final Source<S> source;
        private final Use<S, T> use;
        private volatile S seen;
        private volatile @Nullable T made;

        /// @param now whether it is used at once
        Live(Source<S> source, Use<S, T> use, boolean now) throws IOException {
            this.source = source;
            this.use = use;
            seen = source.read();
            if (now) made = use.of(seen);
        }

        @Override
        public void look() throws IOException {
            var now = source.read();
            if (now.equals(seen)) return;
            synchronized (this) {
                if (made != null) made = use.of(now);
                seen = now;
            }
        }

        @Override
        public T get() {
            var present = made;
            if (present != null) return present;
            synchronized (this) {
                try {
                    present = made == null ? use.of(seen) : made;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                made = present;
                return present;
            }
        }
    }

    /// Something that is not there yet. If it could not be made, it is tried again with the next look.
    private static final class Later<T> implements Supplier<T>, Looked {
        private final Callable<Live<?, T>> making;
        private volatile FutureTask<Live<?, T>> task;

        Later(Callable<Live<?, T>> making) {
            this.making = making;
            task = new FutureTask<>(making);
        }

        @Override
        public void look() throws IOException {
            switch (task.state()) {
                case SUCCESS -> task.resultNow().look();
                case RUNNING -> {}
                case FAILED, CANCELLED -> {
                    var again = new FutureTask<>(making);
                    again.run();
                    task = again;
                    if (again.state() == Future.State.FAILED) throw new IOException(again.exceptionNow());
                }
            }
        }

        @Override
        public void finish() throws InterruptedException {
            try {
                task.get();
            } catch (ExecutionException e) {
                LOG.debug("whoever waits for it says why it is not there", e);
            }
        }

        @Override
        public T get() {
            try {
                return task.get().get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
