import java.lang.classfile.Attribute;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.classfile.attribute.ExceptionsAttribute;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.attribute.PermittedSubclassesAttribute;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// What of a class the code of other modules is compiled against: names, types, flags, and the
/// values of constants, which javac copies into the classes that use them. Bodies of methods are no
/// part of it, nor is what only the module itself sees.
final class ClassApi {
  private static final int SYNTHETIC = AccessFlag.SYNTHETIC.mask();
  private static final int VISIBLE = AccessFlag.PUBLIC.mask() | AccessFlag.PROTECTED.mask();
  private static final int FINAL = AccessFlag.FINAL.mask();

  private final StringBuilder text = new StringBuilder();

  /// What other modules see of a module's classes, in one order.
  static String text(Collection<ClassModel> classes) {
    Map<String, String> texts = new TreeMap<>();
    for (ClassModel each : classes) {
      ClassApi api = new ClassApi();
      api.add(each);
      texts.put(each.thisClass().asInternalName(), api.text.toString());
    }
    return String.join("", texts.values());
  }

  private void add(ClassModel model) {
    if (model.isModuleInfo()) {
      add(model.findAttribute(Attributes.module()).orElseThrow());
      return;
    }
    int flags = flags(model);
    // Others may inherit from one that they cannot name, and then see its members.
    boolean mayBeInherited = (flags & FINAL) == 0;
    if (isLocal(model) || (flags & SYNTHETIC) != 0 || !mayBeInherited && !isVisible(flags)) {
      return;
    }
    text.append("class ").append(model.thisClass().asInternalName()).append(' ').append(flags);
    model.superclass().ifPresent(each -> text.append(' ').append(each.asInternalName()));
    model.interfaces().forEach(each -> text.append(" +").append(each.asInternalName()));
    attributes(model);
    model.fields().stream().filter(each -> isVisible(each.flags().flagsMask())).forEach(this::add);
    model.methods().stream().filter(each -> isVisible(each.flags().flagsMask())).forEach(this::add);
    text.append('\n');
  }

  private void add(ModuleAttribute module) {
    module.requires().forEach(each -> text.append(" requires ").append(each.requires().name()));
    module.exports().forEach(each -> text.append(" exports ").append(each.exportedPackage().name()));
  }

  private void add(FieldModel field) {
    text.append("\n  ").append(field.flags().flagsMask()).append(' ');
    text.append(field.fieldName()).append(' ').append(field.fieldType());
    attributes(field);
  }

  private void add(MethodModel method) {
    text.append("\n  ").append(method.flags().flagsMask()).append(' ');
    text.append(method.methodName()).append(method.methodType());
    attributes(method);
  }

  private void attributes(AttributedElement element) {
    for (Attribute<?> each : element.attributes()) {
      switch (each) {
        case SignatureAttribute it -> text.append(" <").append(it.signature()).append('>');
        case ExceptionsAttribute it -> it.exceptions().forEach(this::name);
        case ConstantValueAttribute it -> text.append(" = ").append(it.constant().constantValue());
        case PermittedSubclassesAttribute it -> it.permittedSubclasses().forEach(this::name);
        case RecordAttribute it -> it.components().forEach(this::add);
        default -> {}
      }
    }
  }

  private void add(RecordComponentInfo part) {
    text.append(' ').append(part.name()).append(part.descriptor());
  }

  private void name(ClassEntry each) {
    text.append(' ').append(each.asInternalName());
  }

  private static boolean isVisible(int flags) {
    return (flags & SYNTHETIC) == 0 && (flags & VISIBLE) != 0;
  }

  private static boolean isLocal(ClassModel model) {
    return model.findAttribute(Attributes.enclosingMethod()).isPresent();
  }

  /// A nested class has its true flags in the table of nested classes only.
  private static int flags(ClassModel model) {
    return model
        .findAttribute(Attributes.innerClasses())
        .flatMap(
            table ->
                table.classes().stream()
                    .filter(each -> each.innerClass().equals(model.thisClass()))
                    .findFirst())
        .map(InnerClassInfo::flagsMask)
        .orElse(model.flags().flagsMask());
  }
}
