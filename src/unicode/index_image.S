/* The index image as read-only data: mapped from the program's file, shared, and in no need of relocation. */
        .section .rodata.index_image, "a", %progbits
        .balign 4096
        .globl  index_image
        .hidden index_image
        .type   index_image, %object
index_image:
        .incbin "index.image"
        .size   index_image, . - index_image
        .section .note.GNU-stack, "", %progbits
