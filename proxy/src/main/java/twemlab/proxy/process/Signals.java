package twemlab.proxy.process;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/// Handlers of POSIX signals; C counterpart nc_signal.c.
///
/// The JVM's own class for it, `sun.misc.Signal`, cannot be named without a warning that nothing
/// suppresses, so it is reached by method handles. A handler runs on a thread of the JVM, not
/// inside the signal, and may do whatever a thread may do. The JVM keeps SEGV and QUIT for itself
/// (a crash writes its own report), and USR2 unless the environment variable `_JAVA_SR_SIGNUM`
/// moves it.
final class Signals {
  private Signals() {}

  /// Has a handler called whenever the signal arrives.
  ///
  /// @param name without SIG, such as `TERM`
  /// @return false if the JVM keeps the signal for itself
  static boolean handle(String name, Consumer<Integer> handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodHandle number =
          lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class));
      MethodHandle accept =
          MethodHandles.lookup()
              .findVirtual(
                  Consumer.class, "accept", MethodType.methodType(void.class, Object.class))
              .bindTo(handler);
      MethodHandle target =
          MethodHandles.filterArguments(
              accept, 0, number.asType(MethodType.methodType(Object.class, signal)));
      Object proxy = MethodHandleProxies.asInterfaceInstance(handlerType, target);
      Object instance =
          lookup
              .findConstructor(signal, MethodType.methodType(void.class, String.class))
              .invoke(name);
      lookup
          .findStatic(signal, "handle", MethodType.methodType(handlerType, signal, handlerType))
          .invoke(instance, proxy);
      return true;
    } catch (IllegalArgumentException reserved) {
      return false;
    } catch (Throwable e) {
      throw new IllegalStateException("signal " + name, e);
    }
  }
}
