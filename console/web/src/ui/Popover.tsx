// A button with a small sheet below it.

import { useState, type ReactNode } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover as AriaPopover } from "react-aria-components";

interface Props {
  label: ReactNode;
  name: string;
  children: (close: () => void) => ReactNode;
  className?: string;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
}

export function Popover({ label, name, children, className = "button ghost", open, onOpenChange }: Props): ReactNode {
  const [own, setOwn] = useState(false);
  const change = onOpenChange ?? setOwn;
  return (
    <DialogTrigger isOpen={open ?? own} onOpenChange={change}>
      <AriaButton className={className}>{label}</AriaButton>
      <AriaPopover className="popover" placement="bottom start" offset={4}>
        <Dialog aria-label={name} className="sheet">
          {children(() => change(false))}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
