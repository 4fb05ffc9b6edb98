// A dialog over the page: focus stays in it, Esc and a press outside close it.

import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./Button";

interface Props {
  title: string;
  children: ReactNode;
  onClose: () => void;
  wide?: boolean;
  /** Esc and presses outside do nothing, while something is typed that they would lose. */
  keep?: boolean;
}

export function Dialog({ title, children, onClose, wide = false, keep = false }: Props): ReactNode {
  return (
    <ModalOverlay isOpen isDismissable={!keep} className="overlay" onOpenChange={(open) => !open && onClose()}>
      <Modal className={wide ? "modal wide" : "modal"}>
        <AriaDialog className="dialog">
          <header>
            <Heading slot="title">{title}</Heading>
            <Button kind="ghost" shortcut="Esc" onClick={onClose}>
              Close
            </Button>
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
